import { setTimeout as delay } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import {
  type Cell,
  type CellIo,
  type CellOutcome,
  type Completeness,
  type Completion,
  type Evaluator,
  InputError,
  type MimeBundle,
  type Variable,
} from "@kernelbox/kernel-host";
import type { Answer, FromMainThread, InputAnswer, Question, RunOutcome, ToMainThread } from "../threads/messages.ts";
import { costOfMessage, inputAnswers, outstandingText, type SharedState } from "../threads/shared-state.ts";
import { CellStdinReader } from "./cell-stdin.ts";
import type { CellCompiler } from "./cell-compiler.ts";
import { Terminator } from "./terminator.ts";

/** What {@link MainThreadEvaluator} works with. */
export type MainThreadEvaluatorOptions = {
  readonly port: MessagePort;
  readonly inputPort: MessagePort;
  readonly state: SharedState;
  readonly compiler: CellCompiler;
  /** The global function of the main thread to call before its code is stopped. */
  readonly prepareTermination: string;
  /** Called before something of the main thread is passed on: what the process wrote before comes first. */
  readonly drain: () => void;
  /** The process is about to end, and waits until everything was sent. */
  readonly onExiting: () => void;
};

type Run = {
  readonly id: number;
  readonly io: CellIo;
  readonly stdin: CellStdinReader;
  readonly fileName: string;
  readonly ended: (outcome: RunOutcome) => void;
  isInterrupting: boolean;
};

/** For main threads that answer at once: code that waits is not stopped by force. */
const politeMs = 20;
const rememberedRuns = 1000;
const interruptedError = { name: "ExecutionInterrupted", message: "the cell was interrupted", traceback: [] };

/** Evaluates cells in the main thread, and stops them from here. */
export class MainThreadEvaluator implements Evaluator {
  readonly #options: MainThreadEvaluatorOptions;
  readonly #terminator: Terminator;
  /** Also those that have ended: their timers may still print. */
  readonly #runs = new Map<number, Run>();
  readonly #questions = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  #last: Run | undefined;
  #running: Run | undefined;
  #interrupting: Promise<void> | undefined;

  constructor(options: MainThreadEvaluatorOptions) {
    this.#options = options;
    this.#terminator = new Terminator(options.prepareTermination, () => this.#post({ type: "wake" }));
    options.port.on("message", (message: FromMainThread) => this.#receive(message));
  }

  async execute(cell: Cell, io: CellIo): Promise<CellOutcome> {
    // A termination that is still under way must not hit this cell.
    await this.#interrupting;
    const { compiler } = this.#options;
    const compiled = await compiler.compile(cell);
    if ("error" in compiled) return { status: "error", error: compiled.error };
    this.#lastId += 1;
    const id = this.#lastId;
    const { code, fileName } = compiled;
    const { env, args, stdin } = cell;
    const outcome = await new Promise<RunOutcome>((ended) => {
      const run: Run = { id, io, fileName, ended, isInterrupting: false, stdin: new CellStdinReader(stdin, io) };
      this.#remember(run);
      this.#running = run;
      this.#post({ type: "run", run: id, code, fileName, env, args, stdin: stdin.type });
    });
    this.#running = undefined;
    await this.#interrupting;
    if (outcome.type === "interrupted") return { status: "error", error: interruptedError };
    if (outcome.type === "thrown") return { status: "error", error: compiler.errorFrom(outcome.thrown, fileName) };
    return { status: "ok", result: outcome.bundle };
  }

  async interrupt(): Promise<void> {
    const run = this.#running;
    if (run === undefined) return;
    this.#interrupting ??= this.#interruptRun(run).finally(() => (this.#interrupting = undefined));
    await this.#interrupting;
  }

  async complete(code: string, cursor: number): Promise<Completion> {
    return (await this.#ask({ type: "complete", code, cursor })) as Completion;
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    return (await this.#ask({ type: "inspect", code, cursor, detail })) as MimeBundle | undefined;
  }

  async isComplete(code: string): Promise<Completeness> {
    return this.#options.compiler.isComplete(code);
  }

  async variables(): Promise<readonly Variable[]> {
    return ((await this.#ask({ type: "variables" })) ?? []) as readonly Variable[];
  }

  /** Text that came past JavaScript: nobody knows which cell made it, so it is the last one's. */
  writeFromDescriptor(stream: "stdout" | "stderr", text: string): void {
    this.#last?.io.write(stream, text);
  }

  /** First the thread is asked, which is enough where its code waits; then it is stopped, until it says that it heard. */
  async #interruptRun(run: Run): Promise<void> {
    while (this.#running === run && !run.isInterrupting) {
      this.#post({ type: "interrupt", run: run.id });
      await delay(politeMs);
      if (this.#running === run && !run.isInterrupting) await this.#terminator.terminate();
    }
  }

  #receive(message: FromMainThread): void {
    switch (message.type) {
      case "text":
        Atomics.sub(this.#options.state, outstandingText, message.text.length + costOfMessage);
        Atomics.notify(this.#options.state, outstandingText);
        this.#ioOf(message.run)?.write(message.stream, message.text);
        break;
      case "display":
        this.#options.drain();
        if (!message.isUpdate) this.#ioOf(message.run)?.display(message.bundle, message.displayId);
        else this.#ioOf(message.run)?.updateDisplay(message.bundle, message.displayId ?? "");
        break;
      case "clear":
        this.#options.drain();
        this.#ioOf(message.run)?.clearOutput(message.wait);
        break;
      case "input":
        this.#options.drain();
        this.#answerInput(message).catch(() => undefined); // it has no way to reject
        break;
      case "interrupting":
        if (this.#running?.id === message.run) this.#running.isInterrupting = true;
        break;
      case "uncaught":
        this.#options.drain();
        this.#ioOf(message.run)?.write(
          "stderr",
          this.#options.compiler.uncaughtText(message.thrown, message.isRejection),
        );
        break;
      case "ended":
        this.#options.drain();
        if (this.#running?.id === message.run) this.#running.ended(message.outcome);
        break;
      case "answer":
        this.#questions.get(message.id)?.(message.value);
        this.#questions.delete(message.id);
        break;
      case "exiting":
        this.#options.onExiting();
        break;
    }
  }

  async #answerInput({
    run: id,
    id: inputId,
    prompt,
    password,
  }: Extract<FromMainThread, { type: "input" }>): Promise<void> {
    let answer: InputAnswer;
    try {
      const run = this.#runs.get(id);
      if (run === undefined || run !== this.#running) throw new InputError("none");
      answer = { id: inputId, line: await run.stdin.readLine(prompt, password) };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      answer = { id: inputId, failure: { reason: error instanceof InputError ? error.reason : "none", message } };
    }
    this.#options.inputPort.postMessage(answer);
    Atomics.add(this.#options.state, inputAnswers, 1);
    Atomics.notify(this.#options.state, inputAnswers);
  }

  #ask(question: Question): Promise<Answer> {
    this.#lastId += 1;
    const id = this.#lastId;
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
      this.#post({ type: "question", id, question });
    });
  }

  #ioOf(id: number): CellIo | undefined {
    return (this.#runs.get(id) ?? this.#last)?.io;
  }

  #remember(run: Run): void {
    this.#last = run;
    this.#runs.set(run.id, run);
    if (this.#runs.size <= rememberedRuns) return;
    const [oldest] = this.#runs.keys();
    if (oldest !== undefined) this.#runs.delete(oldest);
  }

  #post(message: ToMainThread): void {
    this.#options.port.postMessage(message);
  }
}
