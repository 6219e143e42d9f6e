import { readFileSync, rmSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import type {
  Cell,
  CellError,
  CellIo,
  CellOutcome,
  Completeness,
  Completion,
  Evaluator,
  MimeBundle,
  Variable,
} from "../evaluator.ts";
import type { Frame } from "./frames.ts";
import { mimeBundleFromFields } from "./mime-bundle-from-fields.ts";
import { isAlive } from "./process-files.ts";
import { crashError, errorFromFields, interruptedError, killedError } from "./runner-errors.ts";
import { type RunnerExit, type RunnerOptions, RunnerProcess, signal } from "./runner-process.ts";
import { RunnerStdin } from "./runner-stdin.ts";

/** What a runner says of itself when it is ready. */
export type RunnerGreeting = {
  /** The version of the language. */
  readonly languageVersion: string;
  /**
   * What it can answer beside `run`: `complete`, `inspect`, `check`, `variables`. `no-nul`: its strings have no NUL.
   * `no-select`: its own `select` is no wish for input.
   */
  readonly features: readonly string[];
};

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

type Decoders = Readonly<Record<"stdout" | "stderr", StringDecoder>>;

const protocolVersion = "1";
const defaultStartTimeoutMs = 30_000;
const lookMs = 25;
/** Code that does not react to an interrupt for so long is ended, if its state can be had back. */
const graceMs = 700;
const longestStartWords = 4000;

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

/** An evaluator whose cells are run by a runner: a program of the language, at the other end of some pipes. */
export class RunnerEvaluator implements Evaluator {
  /** Resolves when the runner has ended and nobody could take over; a cell that runs then never ends. */
  readonly died: Promise<RunnerExit>;
  #resolveDied: (exit: RunnerExit) => void = () => undefined;
  #process: RunnerProcess | undefined;
  #greeting: RunnerGreeting | undefined;
  #onGreeting: () => void = () => undefined;
  #startWords = "";
  /** The process that is the runner now. */
  #main = 0;
  #run: Run | undefined;
  #lastIo: CellIo | undefined;
  #decoders: Decoders = makeDecoders();
  #answer: { readonly resolve: (frame: Frame) => void; readonly reject: (error: Error) => void } | undefined;
  #looking: NodeJS.Timeout | undefined;
  #isDead = false;

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
    const { startTimeoutMs = defaultStartTimeoutMs } = options;
    const greeted = new Promise<void>((resolve) => (this.#onGreeting = resolve));
    this.#process = await RunnerProcess.start(options, {
      onFrame: (frame) => this.#receive(frame),
      onOutput: (stream, bytes) => this.#print(stream, bytes),
      onExit: (exit) => this.#onGone(this.#process?.pid ?? 0, exit),
      onProtocolError: (error) => {
        // Nothing that it says can be understood any more; its death is then told in the usual way.
        this.#startWords += `${error.message}\n`;
        signal(this.#main, "SIGKILL");
      },
    });
    this.#main = this.#process.pid;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`was not ready within ${startTimeoutMs} ms`), startTimeoutMs);
    });
    const ended = this.died.then((exit) => `ended with ${exit.signal ?? exit.exitCode}`);
    const failure = await Promise.race([greeted.then(() => undefined), late, ended]);
    clearTimeout(timer);
    if (failure === undefined) return;
    this.#process.drain();
    this.close();
    throw new Error(`the runner ${options.command.join(" ")} ${failure}: ${this.#startWords.trim()}`);
  }

  async execute(cell: Cell, io: CellIo): Promise<CellOutcome> {
    const runner = this.#running();
    this.#decoders = makeDecoders();
    this.#lastIo = io;
    const stdin = new RunnerStdin({ pipe: runner.stdin, stdin: cell.stdin, io });
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

  async complete(code: string, cursor: number): Promise<Completion> {
    const none: Completion = { matches: [], start: cursor, end: cursor };
    if (!this.greeting.features.includes("complete")) return none;
    const before = Buffer.from(code.slice(0, cursor));
    const [start, end, ...matches] = await this.#ask("complete", [code, String(before.length)]);
    const bytes = Buffer.from(code);
    const unitsBefore = (position = ""): number => bytes.subarray(0, Number(position)).toString().length;
    return start === undefined ? none : { matches, start: unitsBefore(start), end: unitsBefore(end) };
  }

  async inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined> {
    if (!this.greeting.features.includes("inspect")) return undefined;
    const position = Buffer.byteLength(code.slice(0, cursor));
    const fields = await this.#ask("inspect", [code, String(position), String(detail)]);
    return fields.length === 0 ? undefined : mimeBundleFromFields(fields.map((field) => Buffer.from(field)));
  }

  async isComplete(code: string): Promise<Completeness> {
    if (!this.greeting.features.includes("check")) return { status: "unknown" };
    const [status, indent] = await this.#ask("check", [code]);
    if (status !== "complete" && status !== "incomplete" && status !== "invalid") return { status: "unknown" };
    return indent === undefined ? { status } : { status, indent };
  }

  async variables(): Promise<readonly Variable[]> {
    if (!this.greeting.features.includes("variables")) return [];
    const fields = await this.#ask("variables", []);
    return Array.from({ length: Math.floor(fields.length / 4) }, (_, index) => {
      const [name = "", type = "", repr = "", size = ""] = fields.slice(index * 4);
      return { name, type, repr, size: size === "" ? null : Number(size) };
    });
  }

  async shutdown(): Promise<void> {
    this.close();
  }

  /** Ends the runner. Idempotent. */
  close(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    clearInterval(this.#looking);
    // A copy that has taken over is nobody's child.
    if (this.#main !== this.#process?.pid) {
      signal(this.#main, "SIGKILL");
      this.#resolveDied({ exitCode: null, signal: "SIGKILL" });
    }
    if (this.#run?.snapshot !== undefined) signal(this.#run.snapshot, "SIGKILL");
    this.#process?.close();
  }

  #running(): RunnerProcess {
    if (this.#process === undefined || this.#isDead) throw new Error("the runner has ended");
    return this.#process;
  }

  #send(name: string, fields: readonly string[]): void {
    const withoutNul = this.greeting.features.includes("no-nul");
    this.#running().send(name, withoutNul ? fields.map((field) => field.replaceAll("\0", "")) : fields);
  }

  #print(stream: "stdout" | "stderr", bytes: Buffer): void {
    const text = this.#decoders[stream].write(bytes);
    if (this.#lastIo !== undefined) this.#lastIo.write(stream, text);
    else this.#startWords = (this.#startWords + text).slice(-longestStartWords);
  }

  #receive(frame: Frame): void {
    const { name, fields } = frame;
    const texts = fields.map(String);
    const run = this.#run;
    // What the code has printed comes before what it says now.
    this.#process?.drain();
    switch (name) {
      case "ready": {
        const [version, languageVersion = "", ...features] = texts;
        if (version !== protocolVersion) throw new Error(`the runner speaks version ${version} of the protocol`);
        this.#greeting = { languageVersion, features };
        this.#onGreeting();
        break;
      }
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
        this.#give(run?.lastWords);
        break;
      case "sync":
        this.#process?.send("synced", fields);
        break;
      case "prompt":
        if (run) run.stdin.prompt = { text: texts[0] ?? "", password: texts[1] === "password" };
        break;
      case "stream":
        this.#print(texts[0] === "stderr" ? "stderr" : "stdout", fields[1] ?? Buffer.alloc(0));
        break;
      case "display":
        this.#lastIo?.display(mimeBundleFromFields(fields.slice(1)), texts[0] === "" ? undefined : texts[0]);
        break;
      case "display-file":
        this.#displayFile(texts);
        break;
      case "update-display":
        this.#lastIo?.updateDisplay(mimeBundleFromFields(fields.slice(1)), texts[0] ?? "");
        break;
      case "clear-output":
        this.#lastIo?.clearOutput(texts[0] === "wait");
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
        run?.end({ status: "error", error: errorFromFields(texts) });
        break;
      case "answer":
        this.#answer?.resolve(frame);
        break;
      default:
        // A newer runner may say more than we understand.
        break;
    }
  }

  /** A file that the runner has made for us. */
  #displayFile([id = "", type = "", path = ""]: readonly string[]): void {
    const bundle = mimeBundleFromFields([Buffer.from(type), readFileSync(path)]);
    rmSync(path, { force: true });
    this.#lastIo?.display(bundle, id === "" ? undefined : id);
  }

  #interruptRun(run: Run): void {
    this.#process?.interrupt();
    // Whoever reads a line again after the interrupt finds no more.
    run.stdin.close();
    setTimeout(() => {
      if (this.#run !== run || run.isTakingOver) return;
      if (run.snapshot === undefined || run.main === undefined) this.#process?.interrupt();
      else signal(run.main, "SIGKILL");
    }, graceMs).unref();
  }

  #look(): void {
    const run = this.#run;
    if (run === undefined || run.isTakingOver) return;
    // The first process tells of its end itself; one that has taken over is nobody's child.
    if (this.#main !== this.#process?.pid && !isAlive(this.#main)) {
      // What it has said before its end comes first, of its copy above all.
      this.#process?.drainEvents();
      if (this.#run === run && !run.isTakingOver) this.#onGone(this.#main, { exitCode: null, signal: null });
    } else if (!run.isInterrupted) run.stdin.look(this.#main, !this.greeting.features.includes("no-select"));
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

  async #ask(name: string, fields: readonly string[]): Promise<readonly string[]> {
    const answered = new Promise<Frame>((resolve, reject) => (this.#answer = { resolve, reject }));
    this.#send(name, fields);
    return (await answered).fields.map(String);
  }
}

function makeDecoders(): Decoders {
  return { stdout: new StringDecoder("utf8"), stderr: new StringDecoder("utf8") };
}
