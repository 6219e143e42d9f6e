import type { ExecutionStatus, ExecutionUsage } from "@kernelbox/protocol";
import type { ExecutionError } from "./execution-error.ts";
import type { Result, ResultJson } from "./result.ts";

/** A piece of stdout or stderr, as it arrived. */
export type OutputMessage = {
  readonly text: string;
  /** ISO 8601: when the kernel sent it. */
  readonly timestamp: string;
};

/** What one execution used, its child processes included. `null` where the machine cannot tell. */
export type Usage = ExecutionUsage;

/** The files under the working directory and `/mnt/data` that an execution left different. */
export type ExecutionFiles = {
  readonly created: readonly string[];
  readonly changed: readonly string[];
};

/** How an execution ended. */
export type Outcome = {
  readonly status: ExecutionStatus;
  /** The kernel's counter, `null` where it gave none (it died, or counts nothing). */
  readonly executionCount: number | null;
  readonly usage: Usage;
  /** Set when output past `maxOutputBytes` was dropped. */
  readonly truncated?: { readonly omittedBytes: number };
  /** `lost`: the kernel was restarted and its variables are gone. */
  readonly contextState: "kept" | "lost";
  /** Of a run with `undoOnError` that did not end well: whether the variables from before it are back. */
  readonly isUndone?: boolean;
  readonly files?: ExecutionFiles;
  readonly exitCode?: number;
};

/** What happens while code runs, in order. The first is `start`, the last is `end`. */
export type ExecutionEvent =
  | {
      readonly type: "start";
      readonly executionId: string;
      readonly contextId: string;
      readonly language: string;
      /** Absent where the code is not known, as to somebody who attached later. */
      readonly code?: string;
    }
  | ({ readonly type: "stdout" | "stderr" } & OutputMessage)
  | { readonly type: "result"; readonly result: Result }
  /** Every result with this `displayId` becomes this one. */
  | { readonly type: "result-update"; readonly result: Result; readonly displayId: string }
  /** Everything shown so far goes away: at once, or (`wait`) when the next output comes. */
  | { readonly type: "clear-output"; readonly wait: boolean }
  /** The code waits for a line of input. */
  | { readonly type: "input-request"; readonly prompt: string; readonly password: boolean }
  | { readonly type: "error"; readonly error: ExecutionError }
  | { readonly type: "end"; readonly outcome: Outcome };

/** An {@link ExecutionEvent} after a trip through JSON: its result is plain data. */
export type ExecutionEventJson =
  | Exclude<ExecutionEvent, { readonly type: "result" | "result-update" }>
  | { readonly type: "result"; readonly result: ResultJson }
  | { readonly type: "result-update"; readonly result: ResultJson; readonly displayId: string };
