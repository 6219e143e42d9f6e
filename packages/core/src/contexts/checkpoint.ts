import type { CheckpointInfo } from "@kernelbox/protocol";
import type { WaitOptions } from "../runtime/runtime.ts";

/** The state that a context had at one moment, to which `context.restore` goes back. Files are not part of it. */
export class Checkpoint implements AsyncDisposable {
  readonly id: string;
  readonly contextId: string;
  readonly label: string | undefined;
  /** ISO 8601. */
  readonly createdAt: string;
  /** The context's count of executions at that moment. */
  readonly executionCount: number;
  /**
   * Memory that it shared with no other process when this object was made, in bytes; `null` where the machine cannot
   * tell. It grows as the context changes what they share: `context.listCheckpoints()` has the present numbers.
   */
  readonly sizeBytes: number | null;
  /** What a restored context will lack (threads, sockets), a sentence each. */
  readonly warnings: readonly string[];
  readonly #drop: (options: WaitOptions) => Promise<void>;

  /** Made by a context: `checkpoint`, `listCheckpoints`. */
  constructor(info: CheckpointInfo, drop: (options: WaitOptions) => Promise<void>) {
    this.id = info.id;
    this.contextId = info.contextId;
    this.label = info.label;
    this.createdAt = info.createdAt;
    this.executionCount = info.executionCount;
    this.sizeBytes = info.sizeBytes;
    this.warnings = info.warnings;
    this.#drop = drop;
  }

  /** Gives its memory back. One that is gone already is no error. */
  async drop(options: WaitOptions = {}): Promise<void> {
    await this.#drop(options);
  }

  /** Drops it, unless its context or sandbox is gone already. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#drop({});
  }
}
