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
  const asking = new Asking(run, options);
  const collector = new ExecutionCollector();
  try {
    for (let events = await asking.next(); events !== undefined; events = await asking.next()) {
      for (const event of events) {
        collector.add(event);
        if (event.type === "input-request") asking.ask(event);
        const called = callCallback(event, options);
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
  const asking = new Asking(run, options);
  try {
    for (let events = await asking.next(); events !== undefined; events = await asking.next()) {
      for (const event of events) {
        yield event;
        if (event.type === "input-request") asking.ask(event);
      }
    }
  } finally {
    await run.stop(() => undefined);
  }
}

/**
 * Asks the user while the run goes on being read: the code may reach its time limit before there is an answer. A
 * callback that throws ends the reading with its error.
 */
class Asking {
  readonly #run: CellRun;
  readonly #onInput: StreamCodeOptions["onInput"];
  /** Only where there is `onInput`: a short cell should not pay for it. */
  readonly #failing: AbortController | undefined;
  readonly #either: AbortSignal | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(run: CellRun, options: StreamCodeOptions) {
    this.#run = run;
    this.#onInput = options.onInput;
    if (options.onInput === undefined) {
      this.#either = options.signal;
      return;
    }
    this.#failing = new AbortController();
    const failing = this.#failing.signal;
    this.#either = options.signal === undefined ? failing : AbortSignal.any([options.signal, failing]);
  }

  /** The next events; waiting ends with an abort, and with the error of `onInput`. */
  async next(): Promise<readonly ExecutionEvent[] | undefined> {
    const signal = this.#either;
    try {
      return await this.#run.next(signal === undefined ? {} : { signal });
    } catch (error) {
      throw this.#failure === undefined ? error : this.#failure.error;
    }
  }

  ask(request: { readonly prompt: string; readonly password: boolean }): void {
    const onInput = this.#onInput;
    if (onInput === undefined) return;
    this.#answer(request, onInput).catch((error: unknown) => {
      this.#failure = { error };
      this.#failing?.abort(error);
    });
  }

  async #answer(
    { prompt, password }: { readonly prompt: string; readonly password: boolean },
    onInput: NonNullable<StreamCodeOptions["onInput"]>,
  ): Promise<void> {
    const answer = this.#run.answerer();
    const value: unknown = await onInput({ prompt, password });
    if (typeof value !== "string") throw invalidArgument(`runCode: onInput must return a string, not ${typeof value}`);
    answer(value);
  }
}

/** `undefined` where there is nothing to wait for. */
function callCallback(event: ExecutionEvent, options: RunCodeOptions): Promise<unknown> | undefined {
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
    default:
      return undefined;
  }
}

function promised(value: unknown): Promise<unknown> | undefined {
  if (value instanceof Promise) return value;
  const isThenable = typeof value === "object" && value !== null && "then" in value;
  return isThenable ? Promise.resolve(value) : undefined;
}

function isAbortOf(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && error instanceof AbortError;
}
