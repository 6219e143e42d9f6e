import type { CheckpointInfo } from "@kernelbox/protocol";
import { FailureError } from "../failure-error.ts";
import type { FrozenKernel } from "./kernel-forks.ts";

/** The state of a context at one moment. */
export type Checkpoint = {
  readonly id: string;
  readonly label: string | undefined;
  readonly contextId: string;
  readonly createdAt: string;
  readonly executionCount: number;
  readonly frozen: FrozenKernel;
};

/** How much the checkpoints of a box may take. */
export type CheckpointLimits = { readonly count: number; readonly memoryBytes: number };

/** What a checkpoint shares with its context becomes its own when the context changes it, so that sizes grow. */
const lookMs = 5_000;

/** The checkpoints of a box, oldest first. Where there are too many, the oldest goes. */
export class CheckpointStore {
  private readonly limits: CheckpointLimits;
  private readonly log: (message: string, fields: Record<string, unknown>) => void;
  private checkpoints: Checkpoint[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(limits: CheckpointLimits, log: (message: string, fields: Record<string, unknown>) => void) {
    this.limits = limits;
    this.log = log;
  }

  add(checkpoint: Checkpoint): void {
    this.checkpoints.push(checkpoint);
    checkpoint.frozen.closed.then(
      () => this.forget(checkpoint),
      () => this.forget(checkpoint),
    );
    this.timer ??= setInterval(() => this.makeRoom(), lookMs).unref();
    this.makeRoom();
  }

  list(contextId: string): readonly Checkpoint[] {
    return this.checkpoints.filter((checkpoint) => checkpoint.contextId === contextId);
  }

  get(contextId: string, id: string): Checkpoint {
    const found = this.list(contextId).find((checkpoint) => checkpoint.id === id);
    if (found) return found;
    const { count, memoryBytes } = this.limits;
    throw new FailureError(
      "invalid-argument",
      `this context has no checkpoint ${id}: it was dropped, is of another context, or made room for a newer one (a box keeps ${count} in ${memoryBytes} bytes)`,
      { details: { id, contextId } },
    );
  }

  drop(checkpoint: Checkpoint): void {
    this.forget(checkpoint);
    checkpoint.frozen.drop();
  }

  dropAllOf(contextId: string): void {
    for (const checkpoint of this.list(contextId)) this.drop(checkpoint);
  }

  close(): void {
    for (const checkpoint of [...this.checkpoints]) this.drop(checkpoint);
  }

  private forget(checkpoint: Checkpoint): void {
    this.checkpoints = this.checkpoints.filter((other) => other !== checkpoint);
    if (this.checkpoints.length > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private makeRoom(): void {
    for (;;) {
      const [oldest] = this.checkpoints;
      const bytes = this.checkpoints.reduce((sum, { frozen }) => sum + (frozen.privateMemory() ?? 0), 0);
      const fits = this.checkpoints.length <= this.limits.count && bytes <= this.limits.memoryBytes;
      if (!oldest || fits) return;
      this.log("the oldest checkpoint makes room", { id: oldest.id, count: this.checkpoints.length, bytes });
      this.drop(oldest);
    }
  }
}

/** What is told of a checkpoint. */
export function infoOfCheckpoint(checkpoint: Checkpoint): CheckpointInfo {
  const { id, label, contextId, createdAt, executionCount, frozen } = checkpoint;
  return {
    id,
    ...(label !== undefined && { label }),
    contextId,
    createdAt,
    executionCount,
    sizeBytes: frozen.privateMemory() ?? null,
    warnings: [...frozen.losses],
  };
}
