import { type ExecutionError, executionErrorFromStatus } from "./execution-error.ts";
import type { ExecutionEvent, Outcome } from "./execution-event.ts";
import { Execution, type Output } from "./execution.ts";
import { LogLines } from "./log-lines.ts";
import { Result } from "./result.ts";
import { TerminalText } from "./terminal-text.ts";

/** What is displayed under one display id, wherever it is displayed. */
type Slot = { result: Result };
/** One displayed object. */
type Entry = { readonly index: number; readonly slot: Slot; readonly isMainResult: boolean };
type Item =
  | { readonly type: "stdout" | "stderr"; readonly text: TerminalText }
  | { readonly type: "result"; readonly entry: Entry }
  | { readonly type: "error"; readonly error: ExecutionError };

const unknownOutcome: Outcome = {
  status: "interrupted",
  executionCount: null,
  usage: { wallMs: 0, cpuMs: null, peakMemoryBytes: null },
  contextState: "kept",
};

/**
 * Folds the events of one execution into an {@link Execution}. It does nothing else: the same events always give the
 * same execution, on whichever machine.
 */
export class ExecutionCollector {
  readonly #logs = { stdout: new LogLines(), stderr: new LogLines() };
  readonly #entries: Entry[] = [];
  readonly #slots = new Map<string, Slot>();
  #start: Extract<ExecutionEvent, { readonly type: "start" }> | undefined;
  #outcome: Outcome | undefined;
  #error: ExecutionError | undefined;
  #items: Item[] = [];
  #clearsOnNext = false;

  /** Whether the `end` event came. */
  get isEnded(): boolean {
    return this.#outcome !== undefined;
  }

  add(event: ExecutionEvent): void {
    switch (event.type) {
      case "start":
        this.#start = event;
        break;
      case "stdout":
      case "stderr":
        if (event.text !== "") this.#write(event.type, event.text);
        break;
      case "result":
        this.#show({ type: "result", entry: this.#entry(event.result) });
        break;
      case "result-update": {
        const slot = this.#slots.get(event.displayId);
        if (slot !== undefined) slot.result = event.result;
        break;
      }
      case "clear-output":
        if (!event.wait) this.#items = [];
        this.#clearsOnNext = event.wait;
        break;
      case "error":
        this.#error = event.error;
        this.#show({ type: "error", error: event.error });
        break;
      case "end":
        this.#outcome = event.outcome;
        break;
      case "input-request":
        break;
    }
  }

  /**
   * The execution so far; what comes later does not change it.
   *
   * @param outcome - How it ended where no `end` event says it, as after an abort. What is left out counts as
   * interrupted, with the context kept.
   */
  execution(outcome: Partial<Outcome> = {}): Execution {
    const ended: Outcome = { ...(this.#outcome ?? unknownOutcome), ...outcome };
    const results = this.#entries.map(resultFromEntry);
    const outputs: Output[] = [];
    for (const item of this.#items) {
      if (item.type === "result") {
        const result = results[item.entry.index];
        if (result !== undefined) outputs.push({ type: "result", result });
      } else if (item.type === "error") {
        outputs.push(item);
      } else {
        const text = item.text.toString();
        if (text !== "") outputs.push({ type: item.type, text });
      }
    }
    const error = errorFromOutcome(ended, this.#error);
    if (error !== undefined && error !== this.#error) {
      const last = outputs.at(-1);
      // The kernel's word for being stopped says less than ours, which has its traceback.
      if (last?.type === "error" && last.error === this.#error) outputs.pop();
      outputs.push({ type: "error", error });
    }
    return new Execution({
      id: this.#start?.executionId ?? "",
      code: this.#start?.code ?? "",
      language: this.#start?.language ?? "",
      contextId: this.#start?.contextId ?? "",
      results,
      logs: { stdout: this.#logs.stdout.lines(), stderr: this.#logs.stderr.lines() },
      outputs,
      error,
      outcome: ended,
    });
  }

  #write(stream: "stdout" | "stderr", text: string): void {
    this.#logs[stream].add(text);
    this.#clearIfDue();
    let item = this.#items.at(-1);
    if (item?.type !== stream) {
      item = { type: stream, text: new TerminalText() };
      this.#items.push(item);
    }
    item.text.add(text);
  }

  #show(item: Item): void {
    this.#clearIfDue();
    this.#items.push(item);
  }

  #clearIfDue(): void {
    if (!this.#clearsOnNext) return;
    this.#items = [];
    this.#clearsOnNext = false;
  }

  #entry(result: Result): Entry {
    const entry = { index: this.#entries.length, slot: this.#slot(result), isMainResult: result.isMainResult };
    this.#entries.push(entry);
    return entry;
  }

  /** Displaying under an id that is there already also changes what is there, as in JupyterLab. */
  #slot(result: Result): Slot {
    if (result.displayId === undefined) return { result };
    const known = this.#slots.get(result.displayId);
    const slot = known ?? { result };
    slot.result = result;
    if (known === undefined) this.#slots.set(result.displayId, slot);
    return slot;
  }
}

function resultFromEntry(entry: Entry): Result {
  const { result } = entry.slot;
  if (result.isMainResult === entry.isMainResult) return result;
  return new Result({ ...result.toJSON(), isMainResult: entry.isMainResult });
}

function errorFromOutcome(outcome: Outcome, error: ExecutionError | undefined): ExecutionError | undefined {
  if (outcome.status === "ok" || (outcome.status === "error" && error !== undefined)) return error;
  const own = executionErrorFromStatus(outcome.status, { kernelError: error });
  return error?.name === own.name ? error : own;
}
