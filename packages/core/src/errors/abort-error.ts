import type { Execution } from "../execution/execution.ts";
import { KernelboxError } from "./kernelbox-error.ts";

/** What a call rejects with when its `signal` is aborted. `cause` is the signal's reason. */
export class AbortError extends KernelboxError {
  override readonly name: string = "AbortError";
  /** What had arrived, where the call was a run of code that had started. */
  readonly execution: Execution | undefined;

  constructor(reason: unknown, options: { readonly execution?: Execution } = {}) {
    super("aborted", "the call was aborted by its signal", { cause: reason });
    this.execution = options.execution;
  }
}
