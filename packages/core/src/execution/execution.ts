import type { ExecutionStatus } from "@kernelbox/protocol";
import { type ContentPart, contentFromOutputs } from "./content.ts";
import type { ExecutionError } from "./execution-error.ts";
import type { ExecutionFiles, Outcome, Usage } from "./execution-event.ts";
import type { Result, ResultJson } from "./result.ts";
import { textFromExecution } from "./text-from-execution.ts";

/** Everything that was written, one entry a line, the newline kept. A last line without one is an entry too. */
export type Logs = {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
};

/** One piece of what a notebook shows under a cell. */
export type Output =
  | { readonly type: "stdout" | "stderr"; readonly text: string }
  | { readonly type: "result"; readonly result: Result }
  | { readonly type: "error"; readonly error: ExecutionError };

/** An {@link Output} as plain data. */
export type OutputJson =
  | Exclude<Output, { readonly type: "result" }>
  | { readonly type: "result"; readonly result: ResultJson };

/** An {@link Execution} as plain data. */
export type ExecutionJson = Outcome & {
  readonly id: string;
  readonly code: string;
  readonly language: string;
  readonly contextId: string;
  readonly text?: string;
  readonly results: readonly ResultJson[];
  readonly logs: Logs;
  readonly outputs: readonly OutputJson[];
  readonly error?: ExecutionError;
};

/** What an {@link Execution} is made of. */
export type ExecutionParts = {
  readonly id: string;
  readonly code: string;
  readonly language: string;
  readonly contextId: string;
  readonly results: readonly Result[];
  readonly logs: Logs;
  readonly outputs: readonly Output[];
  readonly error?: ExecutionError | undefined;
  readonly outcome: Outcome;
};

/** One run of code in a context, with everything that came of it. */
export class Execution {
  readonly id: string;
  readonly code: string;
  readonly language: string;
  readonly contextId: string;
  readonly status: ExecutionStatus;
  /** The text of the main result. */
  readonly text: string | undefined;
  /** One entry for each displayed object, in order; `update_display` changes them, `clear_output` does not. */
  readonly results: readonly Result[];
  /** What was written, as it was written. */
  readonly logs: Logs;
  /** What a notebook would show at the end, in order: after `\r`, `\b`, `clear_output` and `update_display`. */
  readonly outputs: readonly Output[];
  /** Set whenever the status is not `ok`. */
  readonly error: ExecutionError | undefined;
  readonly executionCount: number | null;
  readonly usage: Usage;
  /** Set when output past `maxOutputBytes` was dropped. */
  readonly truncated: { readonly omittedBytes: number } | undefined;
  /** `lost`: the kernel was restarted and its variables are gone. */
  readonly contextState: "kept" | "lost";
  /** Of a run with `undoOnError` that did not end well: whether the variables from before it are back. */
  readonly isUndone: boolean | undefined;
  readonly files: ExecutionFiles | undefined;
  readonly exitCode: number | undefined;

  constructor(parts: ExecutionParts) {
    this.id = parts.id;
    this.code = parts.code;
    this.language = parts.language;
    this.contextId = parts.contextId;
    this.status = parts.outcome.status;
    this.text = parts.results.findLast((result) => result.isMainResult)?.text;
    this.results = parts.results;
    this.logs = parts.logs;
    this.outputs = parts.outputs;
    this.error = parts.error;
    this.executionCount = parts.outcome.executionCount;
    this.usage = parts.outcome.usage;
    this.truncated = parts.outcome.truncated;
    this.contextState = parts.outcome.contextState;
    this.isUndone = parts.outcome.isUndone;
    this.files = parts.outcome.files;
    this.exitCode = parts.outcome.exitCode;
  }

  /** Complete and plain; `executionFromJson` makes an execution of it again. */
  toJSON(): ExecutionJson {
    return {
      id: this.id,
      code: this.code,
      language: this.language,
      contextId: this.contextId,
      status: this.status,
      ...(this.text === undefined ? {} : { text: this.text }),
      results: this.results.map((result) => result.toJSON()),
      logs: this.logs,
      outputs: this.outputs.map((output) =>
        output.type === "result" ? { type: "result", result: output.result.toJSON() } : output,
      ),
      ...(this.error === undefined ? {} : { error: this.error }),
      executionCount: this.executionCount,
      usage: this.usage,
      ...(this.truncated === undefined ? {} : { truncated: this.truncated }),
      contextState: this.contextState,
      ...(this.isUndone === undefined ? {} : { isUndone: this.isUndone }),
      ...(this.files === undefined ? {} : { files: this.files }),
      ...(this.exitCode === undefined ? {} : { exitCode: this.exitCode }),
    };
  }

  /**
   * The outputs as one text, for a model or a log. A picture is named by its type.
   *
   * @param options - `maxCharacters`: the longest text wanted; the middle is cut out then, and the text says how much.
   */
  toText(options: { readonly maxCharacters?: number } = {}): string {
    return textFromExecution(this, options);
  }

  /** The outputs as text and pictures in their order, in the form that chat models take. */
  toContent(): readonly ContentPart[] {
    return contentFromOutputs(this);
  }
}
