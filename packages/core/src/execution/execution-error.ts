import type { ExecutionStatus } from "@kernelbox/protocol";
import { stripAnsi } from "./strip-ansi.ts";
import { lineNumberFromTraceback } from "./traceback-line.ts";

/** Why the code of an execution did not end well. Data, never thrown. Without terminal colour codes. */
export type ExecutionError = {
  /** The kernel's own name of it (`ZeroDivisionError`), or `ExecutionTimedOut`, `ExecutionInterrupted`, `KernelDied`. */
  readonly name: string;
  readonly message: string;
  /** One entry a line, without the newlines. */
  readonly traceback: readonly string[];
  /** The line of the code that was run, counted from 1, where the kernel says it. */
  readonly lineNumber?: number;
};

/** An error as a kernel reports it: the content of `error` and of a failed `execute_reply`. */
export type KernelErrorContent = {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
  /** The line, where the kernel says it by itself. */
  readonly lineNumber?: number | undefined;
};

/** Cleans a kernel's error: no colour codes, one entry a line, the line number where there is one. */
export function executionErrorFromKernel(content: KernelErrorContent): ExecutionError {
  const traceback = content.traceback.flatMap((entry) => stripAnsi(entry).split(/\r?\n/));
  const lineNumber = content.lineNumber ?? lineNumberFromTraceback(traceback);
  return {
    name: stripAnsi(content.ename),
    message: stripAnsi(content.evalue),
    traceback,
    ...(lineNumber === undefined ? {} : { lineNumber }),
  };
}

const ownErrors: Readonly<Record<Exclude<ExecutionStatus, "ok">, { readonly name: string; readonly message: string }>> =
  {
    error: { name: "Error", message: "the code failed and its kernel did not say why" },
    interrupted: { name: "ExecutionInterrupted", message: "the execution was interrupted" },
    "timed-out": { name: "ExecutionTimedOut", message: "the execution reached its time limit and was stopped" },
    "kernel-died": { name: "KernelDied", message: "the kernel died while it ran the code" },
  };

/**
 * The error of an execution that did not end by itself.
 *
 * @param status - What ended it.
 * @param details - `reason`: what a user reads; `kernelError`: what the kernel said when it was stopped (such as a
 * `KeyboardInterrupt`), whose traceback tells where the code was.
 */
export function executionErrorFromStatus(
  status: Exclude<ExecutionStatus, "ok">,
  details: { readonly reason?: string | undefined; readonly kernelError?: ExecutionError | undefined } = {},
): ExecutionError {
  const own = ownErrors[status];
  const lineNumber = details.kernelError?.lineNumber;
  return {
    name: own.name,
    message: details.reason === undefined || details.reason === "" ? own.message : stripAnsi(details.reason),
    traceback: details.kernelError?.traceback ?? [],
    ...(lineNumber === undefined ? {} : { lineNumber }),
  };
}
