import type { Cell, CellError, CellIo, CellOutcome, Evaluator, MimeBundle } from "./evaluator.ts";
import { History } from "./history.ts";
import type { HostState } from "./host-state.ts";
import { InputError } from "./input-error.ts";
import type { InputRequests } from "./input-requests.ts";
import type { OutputBuffer } from "./output-buffer.ts";
import { runSettingsFrom } from "./run-settings.ts";
import { asObject, type Message, type Request } from "./wire.ts";

/** What a {@link CellRunner} works with. */
export type CellRunnerOptions = {
  readonly evaluator: Evaluator;
  readonly output: OutputBuffer;
  readonly input: InputRequests;
};

/** Answers `execute_request`s. */
export class CellRunner {
  readonly history: History = new History();
  readonly #options: CellRunnerOptions;
  #count = 0;
  #isRunning = false;

  constructor(options: CellRunnerOptions) {
    this.#options = options;
  }

  /** What the host that goes on with a copy has to know. */
  get state(): HostState {
    return { count: this.#count, history: this.history.entries };
  }

  /** Goes on where another host was. */
  takeOver({ count, history }: HostState): void {
    this.#count = count;
    this.history.replace(history);
  }

  /** Stops the running cell; resolves when that was asked of the evaluator. */
  async interrupt(): Promise<void> {
    if (!this.#isRunning) return;
    this.#options.input.cancel();
    await this.#options.evaluator.interrupt();
  }

  /** Runs the code of a request; gives the reply's content. */
  async run(request: Request): Promise<Message> {
    const { output } = this.#options;
    const { code: given, silent: isSilent, store_history: storesHistory } = request.content;
    const code = typeof given === "string" ? given : "";
    const silent = isSilent === true;
    const stored = !silent && storesHistory !== false;
    if (stored) {
      this.#count += 1;
      this.history.add(this.#count, code);
    }
    const count = this.#count;
    if (!silent) output.publish({ type: "execute_input", content: { code, execution_count: count }, parent: request });
    const cell: Cell = { code, count, silent, ...runSettingsFrom(request) };
    const outcome = await this.#execute(cell, this.#ioOf(request, cell));
    if (outcome.status === "error") {
      const content = contentOf(outcome.error);
      const metadata = metadataOf(outcome.error);
      if (!silent) output.publish({ type: "error", content, parent: request, metadata });
      output.flush();
      const reply = { status: "error", execution_count: count, ...content, user_expressions: {}, payload: [] };
      return { type: "execute_reply", content: reply, parent: request, metadata };
    }
    if (outcome.result !== undefined && !silent) {
      const content = { ...outcome.result, execution_count: count };
      output.publish({ type: "execute_result", content, parent: request });
    }
    const expressions = await this.#expressions(request, cell);
    output.flush();
    const reply = { status: "ok", execution_count: count, user_expressions: expressions, payload: [] };
    return { type: "execute_reply", content: reply, parent: request };
  }

  /** `user_expressions`: each one is a silent cell of its own. */
  async #expressions(request: Request, cell: Cell): Promise<Readonly<Record<string, unknown>>> {
    const results: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(asObject(request.content["user_expressions"]))) {
      if (typeof code !== "string") continue;
      const outcome = await this.#execute({ ...cell, code, silent: true }, this.#ioOf(request, cell));
      const none: MimeBundle = { data: {}, metadata: {} };
      results[name] =
        outcome.status === "ok"
          ? { status: "ok", ...(outcome.result ?? none) }
          : { status: "error", ...contentOf(outcome.error) };
    }
    return results;
  }

  async #execute(cell: Cell, io: CellIo): Promise<CellOutcome> {
    this.#isRunning = true;
    try {
      return await this.#options.evaluator.execute(cell, io);
    } catch (error) {
      return { status: "error", error: evaluatorFault(error) };
    } finally {
      this.#isRunning = false;
      this.#options.input.cancel();
    }
  }

  #ioOf(parent: Request, cell: Cell): CellIo {
    const { output, input } = this.#options;
    const publish = (type: string, content: Readonly<Record<string, unknown>>): void =>
      output.publish({ type, content, parent });
    return {
      write: (stream, text) => output.write(parent, stream, text),
      display: (bundle, displayId) =>
        publish("display_data", { ...bundle, transient: displayId === undefined ? {} : { display_id: displayId } }),
      updateDisplay: (bundle, displayId) =>
        publish("update_display_data", { ...bundle, transient: { display_id: displayId } }),
      clearOutput: (wait) => publish("clear_output", { wait }),
      input: (prompt, password) => {
        if (cell.stdin.type === "none" || !this.#isRunning) return Promise.reject(new InputError("none"));
        // What the user is asked follows what the code has printed.
        output.flush();
        return input.ask(parent, prompt, password);
      },
    };
  }
}

function contentOf(error: CellError): Readonly<Record<string, unknown>> {
  return { ename: error.name, evalue: error.message, traceback: error.traceback };
}

/** Jupyter has no word for the line; our own clients read it here. */
function metadataOf(error: CellError): Readonly<Record<string, unknown>> | undefined {
  return error.lineNumber === undefined ? undefined : { kernelbox: { lineNumber: error.lineNumber } };
}

function evaluatorFault(error: unknown): CellError {
  const known = error instanceof Error ? error : new Error(String(error));
  return {
    name: known.name,
    message: `the kernel itself failed: ${known.message}`,
    traceback: (known.stack ?? String(known)).split("\n"),
  };
}
