import { abortable } from "../deadline.ts";
import { AbortError } from "../errors/abort-error.ts";
import { invalidArgument } from "../check-argument.ts";
import { ExecutionCollector } from "../execution/collect-execution.ts";
import type { ExecutionEvent } from "../execution/execution-event.ts";
import type { Execution } from "../execution/execution.ts";
import type { CellRun } from "./cell-run.ts";
import type { RunCodeOptions, StreamCodeOptions } from "./run-options.ts";

/** Collects a run, calling the callbacks on the way. Whatever ends it early interrupts the code. */
export async function collectRun(run: CellRun, options: RunCodeOptions): Promise<Execution> {
  const { signal } = options;
  const waitOptions = signal === undefined ? {} : { signal };
  const collector = new ExecutionCollector();
  try {
    for (let events = await run.next(waitOptions); events !== undefined; events = await run.next(waitOptions)) {
      for (const event of events) {
        collector.add(event);
        const called = callCallback(event, run, options);
        if (called instanceof Promise) await abortable(called, signal);
      }
      if (signal?.aborted === true) throw new AbortError(signal.reason);
    }
  } catch (error) {
    await run.stop((event) => collector.add(event));
    if (!isAbortOf(error, signal)) throw error;
    throw new AbortError(signal?.reason, run.hasStarted ? { execution: collector.execution() } : {});
  }
  return collector.execution();
}

/** A run as events. Leaving early, or an abort, interrupts the code. */
export async function* streamRun(run: CellRun, options: StreamCodeOptions): AsyncGenerator<ExecutionEvent, void> {
  const waitOptions = options.signal === undefined ? {} : { signal: options.signal };
  try {
    for (let events = await run.next(waitOptions); events !== undefined; events = await run.next(waitOptions)) {
      for (const event of events) {
        yield event;
        if (event.type !== "input-request") continue;
        const answered = callCallback(event, run, options);
        if (answered instanceof Promise) await abortable(answered, options.signal);
      }
    }
  } finally {
    await run.stop(() => undefined);
  }
}

/** `undefined` where there is nothing to wait for. */
function callCallback(event: ExecutionEvent, run: CellRun, options: RunCodeOptions): Promise<unknown> | undefined {
  switch (event.type) {
    case "start":
      return promised(options.onStart?.({ executionId: event.executionId, contextId: event.contextId }));
    case "stdout":
      return promised(options.onStdout?.({ text: event.text, timestamp: event.timestamp }));
    case "stderr":
      return promised(options.onStderr?.({ text: event.text, timestamp: event.timestamp }));
    case "result":
      return promised(options.onResult?.(event.result));
    case "error":
      return promised(options.onError?.(event.error));
    case "input-request":
      return options.onInput === undefined ? undefined : answerInput(event, run, options.onInput);
    default:
      return undefined;
  }
}

async function answerInput(
  { prompt, password }: { readonly prompt: string; readonly password: boolean },
  run: CellRun,
  onInput: NonNullable<StreamCodeOptions["onInput"]>,
): Promise<void> {
  const value: unknown = await onInput({ prompt, password });
  if (typeof value !== "string") throw invalidArgument(`runCode: onInput must return a string, not ${typeof value}`);
  run.answer(value);
}

function promised(value: unknown): Promise<unknown> | undefined {
  if (value instanceof Promise) return value;
  const isThenable = typeof value === "object" && value !== null && "then" in value;
  return isThenable ? Promise.resolve(value) : undefined;
}

function isAbortOf(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && error instanceof AbortError;
}
