import { type ExecuteOptions, type OutputLimit, defaultOutputLimit } from "@kernelbox/protocol";
import { z } from "zod";
import {
  callbackSchema,
  checkArgument,
  checkString,
  invalidArgument,
  signalSchema,
  timeoutSchema,
  variablesSchema,
} from "../check-argument.ts";
import type { ExecutionError } from "../execution/execution-error.ts";
import type { OutputMessage } from "../execution/execution-event.ts";
import type { Result } from "../execution/result.ts";

/** What code asks for when it waits for a line of input. */
export type InputRequest = { readonly prompt: string; readonly password: boolean };

/** Options of every run of code. */
export type StreamCodeOptions = {
  /** Answers the code's `input()`. Not together with `stdin`; with neither of the two, `input()` fails in the code. */
  readonly onInput?: ((request: InputRequest) => string | Promise<string>) | undefined;
  /** All of the code's stdin; then comes end of file. */
  readonly stdin?: string | undefined;
  /** Environment variables for this run only. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Arguments for this run, without the program's name. */
  readonly args?: readonly string[] | undefined;
  /**
   * The longest time from the start of the code, waiting for input included. 0: none.
   * @default the context's, else the sandbox's
   */
  readonly timeoutMs?: number | undefined;
  /**
   * The longest time that the code waits for those before it in the same context. 0: none.
   * @default 0
   */
  readonly queueTimeoutMs?: number | undefined;
  /**
   * Bytes of text and of rich data after which output is counted and dropped.
   * @default 8 MiB of text, 32 MiB of rich data
   */
  readonly maxOutputBytes?: Partial<OutputLimit> | undefined;
  /**
   * When the code does not end well (an error, an interrupt, its time limit, a crash), the context gets the variables back
   * that it had before; the execution says so in `isUndone`. Files stay as they are. Code that could not be undone is not
   * run. For languages whose kernel can be copied.
   * @default false
   */
  readonly undoOnError?: boolean | undefined;
  /** Code that is still queued never starts; code that runs is interrupted. */
  readonly signal?: AbortSignal | undefined;
};

/** Options of `runCode`. Callbacks are called in order and awaited: a slow one slows the reader, never the kernel. */
export type RunCodeOptions = StreamCodeOptions & {
  readonly onStart?: ((start: { readonly executionId: string; readonly contextId: string }) => unknown) | undefined;
  readonly onStdout?: ((output: OutputMessage) => unknown) | undefined;
  readonly onStderr?: ((output: OutputMessage) => unknown) | undefined;
  readonly onResult?: ((result: Result) => unknown) | undefined;
  readonly onError?: ((error: ExecutionError) => unknown) | undefined;
};

const streamShape = {
  onInput: callbackSchema,
  stdin: z.string().optional(),
  env: variablesSchema,
  args: z.array(z.string()).optional(),
  timeoutMs: timeoutSchema,
  queueTimeoutMs: timeoutSchema,
  maxOutputBytes: z.strictObject({ text: timeoutSchema, rich: timeoutSchema }).optional(),
  undoOnError: z.boolean().optional(),
  signal: signalSchema,
};
const streamSchema = z.strictObject(streamShape);
const runSchema = z.strictObject({
  ...streamShape,
  onStart: callbackSchema,
  onStdout: callbackSchema,
  onStderr: callbackSchema,
  onResult: callbackSchema,
  onError: callbackSchema,
});

/** Refuses wrong arguments of `runCode` and `streamCode` before anything is sent. */
export function checkRun(call: "runCode" | "streamCode", code: string, options: RunCodeOptions): void {
  checkString(code, "code", call);
  checkArgument(call === "runCode" ? runSchema : streamSchema, options, call);
  if (options.onInput !== undefined && options.stdin !== undefined) {
    throw invalidArgument(`${call}: onInput and stdin exclude each other; give one of them`);
  }
}

/** The options as they travel. */
export function executeOptionsFrom(executionId: string, options: StreamCodeOptions): ExecuteOptions {
  const { timeoutMs, queueTimeoutMs, env, args, stdin, onInput, maxOutputBytes, undoOnError } = options;
  return {
    executionId,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(queueTimeoutMs === undefined || queueTimeoutMs === 0 ? {} : { queueTimeoutMs }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(args === undefined ? {} : { args: [...args] }),
    stdin: stdin !== undefined ? { type: "text", text: stdin } : { type: onInput === undefined ? "none" : "ask" },
    ...(undoOnError === true ? { undoOnError } : {}),
    ...(maxOutputBytes === undefined
      ? {}
      : {
          maxOutputBytes: {
            text: maxOutputBytes.text ?? defaultOutputLimit.text,
            rich: maxOutputBytes.rich ?? defaultOutputLimit.rich,
          },
        }),
  };
}
