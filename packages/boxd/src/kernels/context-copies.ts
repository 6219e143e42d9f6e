import type { CreateCheckpointRequest } from "@kernelbox/protocol";
import { FailureError } from "../failure-error.ts";
import type { Checkpoint, CheckpointStore } from "./checkpoint-store.ts";
import type { Kernel } from "./kernel.ts";
import type { FrozenKernel, KernelForks } from "./kernel-forks.ts";
import type { Kernelspec } from "./kernelspecs.ts";
import { languageOf } from "./languages.ts";
import type { KernelSource, Undo } from "./queue-port.ts";
import type { RequestQueue } from "./request-queue.ts";

/** What a forked context begins with. */
export type Ancestry = {
  readonly kernel: Kernel;
  /** What could not be carried over, a sentence each. */
  readonly losses: readonly string[];
  readonly executionCount: number;
};

/** What {@link ContextCopies} needs. */
export type ContextCopiesOptions = {
  readonly contextId: string;
  readonly spec: Kernelspec;
  readonly forks: KernelForks;
  readonly checkpoints: CheckpointStore;
  /** Of the box, for an error that says what to do. */
  readonly languagesWithForks: () => readonly string[];
  readonly queue: RequestQueue;
  /** Puts another kernel in the place of the context's own. */
  readonly replaceKernel: (source: KernelSource) => Promise<void>;
  /** Aborted when the context is deleted. */
  readonly ending: AbortSignal;
};

/** Copies of a context's kernel: forks, checkpoints, and what an execution is undone with. Each is made in its turn. */
export class ContextCopies {
  private readonly options: ContextCopiesOptions;

  constructor(options: ContextCopiesOptions) {
    this.options = options;
  }

  /** A second kernel with the same state. */
  async fork(signal: AbortSignal): Promise<Ancestry> {
    this.requireForks();
    const { forks, spec, queue, ending } = this.options;
    const stop = AbortSignal.any([signal, ending]);
    return queue.takeTurn(
      async () => {
        const forked = await forks.fork(spec, (message) => queue.ask(message), stop);
        return { ...forked, executionCount: queue.executionCount };
      },
      { signal: stop },
    );
  }

  /** Keeps the state. The same id again gives the same checkpoint. */
  async checkpoint(request: CreateCheckpointRequest, signal: AbortSignal): Promise<Checkpoint> {
    this.requireForks();
    const { checkpoints, contextId, queue } = this.options;
    return queue.takeTurn(
      async () => {
        const known = checkpoints.list(contextId).find(({ id }) => id === request.id);
        if (known) return known;
        const checkpoint: Checkpoint = {
          id: request.id,
          label: request.label,
          contextId,
          createdAt: new Date().toISOString(),
          executionCount: queue.executionCount,
          frozen: await this.freeze(),
        };
        checkpoints.add(checkpoint);
        return checkpoint;
      },
      { signal },
    );
  }

  /** Goes back to a checkpoint, also without a kernel. When that fails, the context is as it was. */
  restore({ frozen, executionCount }: Checkpoint, signal: AbortSignal): Promise<void> {
    return this.options.queue.takeTurn(() => this.goBackTo(frozen, executionCount), { signal, survivesLoss: true });
  }

  /** Keeps the state for the execution whose turn it is. */
  async keep(): Promise<Undo> {
    this.requireForks();
    const { executionCount } = this.options.queue;
    const frozen = await this.freeze();
    return {
      restore: () => this.goBackTo(frozen, executionCount),
      source: { launch: () => frozen.thaw(this.options.ending), executionCount },
      drop: () => frozen.drop(),
    };
  }

  private freeze(): Promise<FrozenKernel> {
    const { forks, spec, queue } = this.options;
    return forks.freeze(spec, (message) => queue.ask(message));
  }

  private async goBackTo(frozen: FrozenKernel, executionCount: number): Promise<void> {
    const { ending, replaceKernel } = this.options;
    // Before anything is given up.
    const kernel = await frozen.thaw(ending);
    await replaceKernel({ launch: () => Promise.resolve(kernel), executionCount });
  }

  private requireForks(): void {
    const { spec, languagesWithForks } = this.options;
    if (spec.features.includes("fork")) return;
    const able = languagesWithForks().join(", ") || "this box has none";
    throw new FailureError(
      "capability-unsupported",
      `a context of ${languageOf(spec)} cannot be copied; fork, checkpoint and undoOnError need a language whose kernel forks: ${able}`,
      { details: { kernelName: spec.name } },
    );
  }
}
