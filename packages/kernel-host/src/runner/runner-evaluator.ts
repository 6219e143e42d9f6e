import type {
  Adoption,
  Cell,
  CellError,
  CellIo,
  CellOutcome,
  Completeness,
  Completion,
  Evaluator,
  MimeBundle,
  ProcessCopy,
  Variable,
} from "../evaluator.ts";
import { lossesOfAFork } from "./fork-losses.ts";
import type { Frame } from "./frames.ts";
import { mimeBundleFromFields } from "./mime-bundle-from-fields.ts";
import { isAlive } from "./process-files.ts";
import { CopyUnsupported, crashError, errorFromFields, interruptedError, killedError } from "./runner-errors.ts";
import { type RunnerExit, type RunnerListener, type RunnerOptions, RunnerProcess, signal } from "./runner-process.ts";
import { greetingFrom, type RunnerGreeting } from "./runner-greeting.ts";
import { RunnerOutput } from "./runner-output.ts";
import { RunnerQuestions } from "./runner-questions.ts";
import { RunnerStdin } from "./runner-stdin.ts";
import { forkWaitingRunner } from "./waiting-runner.ts";

type Run = {
  readonly io: CellIo;
  readonly stdin: RunnerStdin;
  readonly end: (outcome: CellOutcome) => void;
  /** Empty until the runner says that the cell is about to start. */
  main: number | undefined;
  /** A copy of the process from before the cell, which takes over when that dies. */
  snapshot: number | undefined;
  result: MimeBundle | undefined;
  /** Why the process is about to end, in its own words. */
  lastWords: CellError | undefined;
  isInterrupted: boolean;
  isTakingOver: boolean;
};

const defaultStartTimeoutMs = 30_000;
const adoptTimeoutMs = 10_000;
const lookMs = 25;
/** A process that is not our child may end between two cells. */
const idleLookMs = 500;
/** Code that does not react to an interrupt for so long is ended, if its state can be had back. */
const graceMs = 700;

/**
 * Starts a runner and waits until it is ready.
 *
 * @see docs/runners.md for what it has to do
 * @throws Error it could not be started, ended at once, or took too long; with what it said
 */
export async function startRunner(options: RunnerOptions): Promise<RunnerEvaluator> {
  const evaluator = new RunnerEvaluator();
  await evaluator.start(options);
  return evaluator;
}

/**
 * Goes on with a runner that was copied for another host.
 * @throws Error it did not come, or has ended
 */
export async function adoptRunner(adoption: Adoption): Promise<RunnerEvaluator> {
  const evaluator = new RunnerEvaluator();
  await evaluator.adopt(adoption);
  return evaluator;
}

/** An evaluator whose cells are run by a runner: a program of the language, at the other end of some pipes. */
export class RunnerEvaluator implements Evaluator {
  /** Resolves when the runner has ended and nobody could take over; a cell that runs then never ends. */
  readonly died: Promise<RunnerExit>;
  #resolveDied: (exit: RunnerExit) => void = () => undefined;
  #process: RunnerProcess | undefined;
  #greeting: RunnerGreeting | undefined;
  #onGreeting: () => void = () => undefined;
  /** The process that is the runner now. */
  #main = 0;
  #run: Run | undefined;
  readonly #output = new RunnerOutput();
  #answer: { readonly resolve: (frame: Frame) => void; readonly reject: (error: Error) => void } | undefined;
  #looking: NodeJS.Timeout | undefined;
  #watching: NodeJS.Timeout | undefined;
  #isDead = false;
  readonly #questions = new RunnerQuestions(
    () => this.greeting.features,
    async (name, fields) => (await this.#ask(name, fields)).fields.map(String),
  );
  readonly #listener: RunnerListener = {
    onFrame: (frame) => this.#receive(frame),
    onOutput: (stream, bytes) => this.#output.print(stream, bytes),
    onExit: (pid, exit) => this.#onGone(pid, exit),
    onProtocolError: (error) => {
      // Nothing that it says can be understood any more; its death is then told in the usual way.
      this.#output.note(`${error.message}\n`);
      signal(this.#main, "SIGKILL");
    },
  };

  /** Use {@link startRunner}. */
  constructor() {
    this.died = new Promise((resolve) => (this.#resolveDied = resolve));
  }

  /** @throws Error before a runner has started */
  get greeting(): RunnerGreeting {
    if (this.#greeting === undefined) throw new Error("the runner has not started");
    return this.#greeting;
  }

  /** Called once, by {@link startRunner}. */
  async start(options: RunnerOptions): Promise<void> {
    this.#process = await RunnerProcess.start(options, this.#listener);
    this.#main = this.#process.pid;
    await this.#greeted(options.startTimeoutMs ?? defaultStartTimeoutMs, options.command.join(" "));
  }

  async execute(cell: Cell, io: CellIo): Promise<CellOutcome> {
    const runner = this.#running();
    this.#output.belongsTo(io);
    const drainEvents = (): void => runner.drainEvents();
    const stdin = new RunnerStdin({ pipe: runner.stdin, stdin: cell.stdin, io, drainEvents });
    try {
      return await new Promise<CellOutcome>((end) => {
        const nothing = { main: undefined, snapshot: undefined, result: undefined, lastWords: undefined };
        this.#run = { io, stdin, end, ...nothing, isInterrupted: false, isTakingOver: false };
        for (const argument of cell.args) this.#send("arg", [argument]);
        for (const entry of Object.entries(cell.env)) this.#send("env", entry);
        this.#send("run", [cell.code, cell.silent ? "silent" : `cell-${cell.count}`]);
        this.#looking = setInterval(() => this.#look(), lookMs);
      });
    } finally {
      clearInterval(this.#looking);
      this.#run = undefined;
      stdin.close();
    }
  }

  async interrupt(): Promise<void> {
    const run = this.#run;
    if (run === undefined) return;
    run.isInterrupted = true;
    if (run.main !== undefined) this.#interruptRun(run);
  }

  complete(code: string, cursor: number): Promise<Completion> {
    return this.#questions.complete(code, cursor);
  }

  inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    return this.#questions.inspect(code, cursor, detail);
  }

  isComplete(code: string): Promise<Completeness> {
    return this.#questions.isComplete(code);
  }

  variables(): Promise<readonly Variable[]> {
    return this.#questions.variables();
  }

  async fork(directory: string): Promise<ProcessCopy> {
    if (!this.greeting.features.includes("fork")) throw new CopyUnsupported(this.greeting.languageVersion);
    const losses = lossesOfAFork(this.#main);
    const { name, fields } = await this.#ask("fork", [directory]);
    if (name !== "forked") throw new Error(String(fields[1]));
    return { pid: Number(fields[0]), losses };
  }

  async adopt(adoption: Adoption): Promise<number> {
    const old = this.#process;
    if (old?.directory === adoption.directory) return old.pid;
    const { directory } = adoption;
    const pid = "pid" in adoption ? adoption.pid : await forkWaitingRunner(adoption.source, directory);
    this.#process = RunnerProcess.adopt(directory, pid, this.#listener);
    this.#main = pid;
    this.#watchMain();
    old?.close();
    await this.#greeted(adoptTimeoutMs, `that was copied (${pid})`);
    return pid;
  }

  async shutdown(): Promise<void> {
    this.close();
  }

  /** Ends the runner. Idempotent. */
  close(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    clearInterval(this.#looking);
    clearInterval(this.#watching);
    // A copy is nobody's child.
    if (this.#process?.isParentOf(this.#main) !== true) {
      signal(this.#main, "SIGKILL");
      this.#resolveDied({ exitCode: null, signal: "SIGKILL" });
    }
    if (this.#run?.snapshot !== undefined) signal(this.#run.snapshot, "SIGKILL");
    this.#process?.close();
  }

  /** Waits until the runner is ready; one that is not is ended. */
  async #greeted(patienceMs: number, what: string): Promise<void> {
    const greeted = new Promise<void>((resolve) => (this.#onGreeting = resolve));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`was not ready within ${patienceMs} ms`), patienceMs);
    });
    const ended = this.died.then((exit) => `ended with ${exit.signal ?? exit.exitCode}`);
    const failure = await Promise.race([greeted.then(() => undefined), late, ended]);
    clearTimeout(timer);
    if (failure === undefined) return;
    this.#process?.drain();
    this.close();
    throw new Error(`the runner ${what} ${failure}: ${this.#output.startWords}`);
  }

  /** Nobody tells of the end of a process that is not our child. */
  #watchMain(): void {
    clearInterval(this.#watching);
    this.#watching = setInterval(() => {
      if (this.#run === undefined) this.#look();
    }, idleLookMs).unref();
  }

  #running(): RunnerProcess {
    if (this.#process === undefined || this.#isDead) throw new Error("the runner has ended");
    return this.#process;
  }

  #send(name: string, fields: readonly string[]): void {
    const withoutNul = this.greeting.features.includes("no-nul");
    this.#running().send(name, withoutNul ? fields.map((field) => field.replaceAll("\0", "")) : fields);
  }

  #receive(frame: Frame): void {
    const { name, fields } = frame;
    const texts = fields.map(String);
    const run = this.#run;
    // What the code has printed comes before what it says now.
    this.#process?.drain();
    if (this.#output.receive(frame)) return;
    switch (name) {
      case "ready":
        this.#greeting = greetingFrom(texts);
        this.#onGreeting();
        break;
      case "running": {
        if (run === undefined) break;
        const [main, snapshot = ""] = texts;
        this.#main = run.main = Number(main);
        run.snapshot = snapshot === "" ? undefined : Number(snapshot);
        // It was asked for before there was anything to interrupt.
        if (run.isInterrupted) this.#interruptRun(run);
        break;
      }
      case "took-over":
        this.#main = Number(texts[0]);
        this.#watchMain();
        this.#give(run?.lastWords);
        break;
      case "sync":
        this.#process?.send("synced", fields);
        break;
      case "prompt":
        if (run) run.stdin.prompt = { text: texts[0] ?? "", password: texts[1] === "password" };
        break;
      case "result":
        if (run) run.result = mimeBundleFromFields(fields);
        break;
      case "dying":
        if (run) run.lastWords = errorFromFields(texts);
        break;
      case "ok":
        run?.end({ status: "ok", result: run.result });
        break;
      case "interrupted":
        run?.end({ status: "error", error: interruptedError });
        break;
      case "error":
        if (run) run.end({ status: "error", error: errorFromFields(texts) });
        else this.#answer?.resolve(frame);
        break;
      case "forked":
      case "answer":
        this.#answer?.resolve(frame);
        break;
      default:
        // A newer runner may say more than we understand.
        break;
    }
  }

  #interruptRun(run: Run): void {
    this.#process?.interrupt();
    // Whoever reads a line again after the interrupt finds no more.
    run.stdin.close();
    setTimeout(() => {
      // A flood of output may have kept us from the end of the cell. And without its copy it has ended.
      this.#process?.drainEvents();
      if (this.#run !== run || run.isTakingOver) return;
      const { main, snapshot } = run;
      if (main === undefined || snapshot === undefined || !isAlive(snapshot)) this.#process?.interrupt();
      else signal(main, "SIGKILL");
    }, graceMs).unref();
  }

  #look(): void {
    const run = this.#run;
    const main = this.#main;
    if (run?.isTakingOver === true) return;
    // Our child tells of its end itself.
    if (this.#process?.isParentOf(main) !== true && !isAlive(main)) {
      // What it has said before its end comes first, of its copy above all.
      this.#process?.drainEvents();
      if (this.#run === run && this.#main === main) this.#onGone(main, { exitCode: null, signal: null });
    } else if (run?.isInterrupted === false) {
      run.stdin.look(main, !this.greeting.features.includes("no-select"));
    }
  }

  #onGone(pid: number, exit: RunnerExit): void {
    if (this.#isDead) this.#resolveDied(exit);
    if (pid !== this.#main || this.#isDead) return;
    this.#process?.drain();
    const run = this.#run;
    if (run?.snapshot === undefined || !isAlive(run.snapshot)) {
      this.#resolveDied(exit);
      this.#answer?.reject(new Error("the runner has ended"));
      return;
    }
    run.isTakingOver = true;
    run.lastWords = run.isInterrupted ? killedError : (run.lastWords ?? crashError(exit));
    signal(run.snapshot, "SIGUSR1");
  }

  #give(error: CellError | undefined): void {
    this.#run?.end({ status: "error", error: error ?? crashError({ exitCode: null, signal: null }) });
  }

  #ask(name: string, fields: readonly string[]): Promise<Frame> {
    const answered = new Promise<Frame>((resolve, reject) => (this.#answer = { resolve, reject }));
    this.#send(name, fields);
    return answered;
  }
}
