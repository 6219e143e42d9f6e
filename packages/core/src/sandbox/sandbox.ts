import { type BoxUsage, type ContextInfo, type FileInfo, type Health, boxUsageSchema } from "@kernelbox/protocol";
import { checkString, invalidArgument } from "../check-argument.ts";
import type { CodeContext } from "../contexts/code-context.ts";
import { type ContextReference, ContextStore, type CreateCodeContextOptions } from "../contexts/context-store.ts";
import type { Language } from "../contexts/language.ts";
import { type RunCodeOptions, type StreamCodeOptions, checkRun } from "../contexts/run-options.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { ExecutionEvent } from "../execution/execution-event.ts";
import type { Execution } from "../execution/execution.ts";
import type { FileData } from "../files/file-data.ts";
import { Files, type RecursiveOptions, type WriteFileOptions } from "../files/files.ts";
import type { FileEncoding, ReadFileOptions, ReadFileResult } from "../files/read-file.ts";
import { type ExposedJupyter, exposeJupyter } from "../jupyter/expose-jupyter.ts";
import { type ExecOptions, type ExecResult, exec } from "../processes/exec.ts";
import { type ProgramResult, type RunProgramOptions, runProgram } from "../programs/run-program.ts";
import type { BoxExit } from "../runtime/box.ts";
import type { Limits, WaitOptions } from "../runtime/runtime.ts";
import { boxExitError } from "../tunnel/box-exit-error.ts";
import type { BoxConnection } from "./box-connection.ts";
import { boxSpecFrom } from "./box-spec.ts";
import { runtimeOrDefault } from "./default-runtime.ts";
import { namedFromPool } from "./named-from-pool.ts";
import { type OpenBox, attachBox, createBox, namedBox } from "./open-sandbox.ts";
import {
  type ConnectOptions,
  type CreateSandboxOptions,
  type ListSandboxesOptions,
  checkConnect,
  checkCreate,
  checkList,
  checkName,
} from "./sandbox-options.ts";
import type { PooledSandboxOptions } from "./sandbox-pool.ts";

/** Which context code runs in: at most one of the two. */
export type ContextChoice = {
  /** A context, a row of `listCodeContexts`, or an id. @default the default context of the language */
  readonly context?: ContextReference | undefined;
  /** @default the first that the box has */
  readonly language?: Language | undefined;
};

/** A row of `Sandbox.list`. */
export type SandboxInfo = {
  readonly id: string;
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly createdAt: string;
};

/** One isolated place with files, processes and contexts. Everything in it is one trust domain: use one for each tenant. */
export class Sandbox implements AsyncDisposable {
  readonly id: string;
  readonly name: string | undefined;
  /** What is really enforced; what is missing is not limited. */
  readonly limits: Limits;
  /** What stands between the code and the machine: "container", "bubblewrap" or "none". */
  readonly isolation: string;
  /** Where relative paths start. */
  readonly workdir: string;
  /** The languages that the box has. */
  readonly languages: readonly string[];
  /** Settles when the box has ended, with the reason. Never rejects. */
  readonly exited: Promise<BoxExit>;
  readonly #connection: BoxConnection;
  readonly #contexts: ContextStore;
  readonly #files: Files;
  readonly #ownsLifecycle: boolean;
  readonly #jupyter = new Set<ExposedJupyter>();

  /** Made by `Sandbox.create`, `Sandbox.connect`, `getSandbox` and pools. */
  constructor(open: OpenBox, ownsLifecycle: boolean) {
    const { connection, health } = open;
    const { box } = connection;
    this.id = box.id;
    this.name = open.name ?? box.info.name;
    this.limits = box.limits;
    this.isolation = box.isolation;
    this.workdir = health.workdir;
    this.languages = health.languages;
    this.exited = box.exited;
    this.#connection = connection;
    this.#contexts = open.contexts ?? new ContextStore(connection);
    this.#files = new Files(connection.client);
    this.#ownsLifecycle = ownsLifecycle;
    void box.exited.then((exit) => this.#close(boxExitError(box.id, exit)));
  }

  /**
   * Makes a sandbox. It is ready when this resolves, its files included; when it fails, nothing is left.
   *
   * @example
   * const sandbox = await Sandbox.create({ memoryMiB: 1024 });
   */
  static async create(options: CreateSandboxOptions = {}): Promise<Sandbox> {
    checkCreate(options, "Sandbox.create");
    const runtime = runtimeOrDefault(options.runtime, "Sandbox.create");
    return new Sandbox(await createBox(runtime, boxSpecFrom(runtime, options, undefined), options), true);
  }

  /** The living sandbox of that name, or a new one, or one of a pool: see {@link getSandbox}. */
  static async get(name: string, options: CreateSandboxOptions | PooledSandboxOptions = {}): Promise<Sandbox> {
    checkName(name);
    if ("pool" in options) return new Sandbox(await namedFromPool(name, options), false);
    checkCreate(options, "getSandbox");
    const runtime = runtimeOrDefault(options.runtime, "getSandbox");
    return new Sandbox(await namedBox(runtime, boxSpecFrom(runtime, options, name), options), false);
  }

  /** Connects to a living sandbox, from any process. Never makes one. */
  static async connect(id: string, options: ConnectOptions = {}): Promise<Sandbox> {
    checkString(id, "id", "Sandbox.connect");
    checkConnect(options, "Sandbox.connect");
    return new Sandbox(await attachBox(runtimeOrDefault(options.runtime, "Sandbox.connect"), id, options), false);
  }

  /** The living sandboxes of a runtime. */
  static async list(options: ListSandboxesOptions = {}): Promise<readonly SandboxInfo[]> {
    checkList(options);
    const runtime = runtimeOrDefault(options.runtime, "Sandbox.list");
    const wanted = Object.entries(options.labels ?? {});
    const boxes = await runtime.list(options.signal === undefined ? {} : { signal: options.signal });
    return boxes
      .filter((box) => wanted.every(([label, value]) => box.labels[label] === value))
      .map(({ id, name, labels, createdAt }) => ({ id, labels, createdAt, ...(name === undefined ? {} : { name }) }));
  }

  /** Ends a sandbox by its id and deletes everything in it. */
  static async stop(id: string, options: ConnectOptions = {}): Promise<void> {
    checkString(id, "id", "Sandbox.stop");
    checkConnect(options, "Sandbox.stop");
    const runtime = runtimeOrDefault(options.runtime, "Sandbox.stop");
    const box = await runtime.attach(id, options.signal === undefined ? {} : { signal: options.signal });
    try {
      await box.stop();
    } finally {
      await box.release();
    }
  }

  /**
   * Runs code and collects what it does, in the default context of the language where none is named. Code that fails is
   * data: see the execution's `status` and `error`.
   *
   * @example
   * const execution = await sandbox.runCode("print(2 + 2)");
   * execution.logs.stdout; // ["4\n"]
   */
  async runCode(code: string, options: RunCodeOptions & ContextChoice = {}): Promise<Execution> {
    const { context, language, ...rest } = options;
    checkRun("runCode", code, rest);
    return (await this.#chosen({ context, language }, "runCode", rest)).runCode(code, rest);
  }

  /** Runs code as a stream of events. Leaving the loop early interrupts the code. */
  async *streamCode(
    code: string,
    options: StreamCodeOptions & ContextChoice = {},
  ): AsyncGenerator<ExecutionEvent, void> {
    const { context, language, ...rest } = options;
    checkRun("streamCode", code, rest);
    yield* (await this.#chosen({ context, language }, "streamCode", rest)).streamCode(code, rest);
  }

  /** Makes a context: a kernel of its own. */
  createCodeContext(options: CreateCodeContextOptions = {}): Promise<CodeContext> {
    return this.#contexts.create(options);
  }

  /** The contexts of this sandbox, defaults included. */
  listCodeContexts(options: WaitOptions = {}): Promise<readonly ContextInfo[]> {
    return this.#contexts.list(options);
  }

  getCodeContext(id: string, options: WaitOptions = {}): Promise<CodeContext> {
    return this.#contexts.get(id, options);
  }

  /** What `runCode` uses where no context is named; made when it is first asked for. */
  defaultCodeContext(language?: Language, options: WaitOptions = {}): Promise<CodeContext> {
    return this.#contexts.default(language, options);
  }

  /** Ends a context. One that is not there is the error `context-not-found`. */
  deleteCodeContext(context: ContextReference, options: WaitOptions = {}): Promise<void> {
    return this.#contexts.delete(context, options);
  }

  /** Writes a file; the directories above it are made. */
  writeFile(path: string, data: FileData, options: WriteFileOptions = {}): Promise<FileInfo> {
    return this.#files.write(path, data, options);
  }

  /** Writes files, one after the other. */
  async writeFiles(
    files: Readonly<Record<string, FileData>>,
    options: WriteFileOptions = {},
  ): Promise<readonly FileInfo[]> {
    const written: FileInfo[] = [];
    for (const [path, data] of Object.entries(files)) written.push(await this.#files.write(path, data, options));
    return written;
  }

  /** Reads a file. `encoding` decides what `content` is. */
  async readFile<E extends FileEncoding = "utf8">(
    path: string,
    options: ReadFileOptions<E> = {},
  ): Promise<ReadFileResult<E>> {
    return this.#files.read(path, options);
  }

  async listFiles(path: string = ".", options: RecursiveOptions = {}): Promise<readonly FileInfo[]> {
    return this.#files.list(path, options);
  }

  async statFile(path: string, options: WaitOptions = {}): Promise<FileInfo> {
    return this.#files.stat(path, options);
  }

  async deleteFile(path: string, options: RecursiveOptions = {}): Promise<void> {
    await this.#files.delete(path, options);
  }

  /** Makes a directory and those above it. One that is there is fine. */
  async mkdir(path: string, options: WaitOptions = {}): Promise<FileInfo> {
    return this.#files.makeDirectory(path, options);
  }

  async exists(path: string, options: WaitOptions = {}): Promise<boolean> {
    return this.#files.exists(path, options);
  }

  /** Runs a command to its end: a string by a shell, an array without one. A non-zero exit is data. */
  exec(command: string | readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
    return exec(this.#connection, command, options);
  }

  /**
   * Compiles and runs a whole program: files with a beginning, apart from every context and from the sandbox's own files.
   * What does not compile, or fails, is data: see `compile` and `run`.
   *
   * @throws KernelboxError `language-unavailable`, or `capability-unsupported` where the box has the language for cells only.
   * @example
   * const { run } = await sandbox.runProgram({ language: "python", files: { "main.py": "print(input())" }, stdin: "hello" });
   * run?.stdout; // "hello\n"
   */
  runProgram(options: RunProgramOptions): Promise<ProgramResult> {
    return runProgram(this.#connection, this.#files, options);
  }

  /** boxd's Jupyter API on a port of this machine's loopback, for JupyterLab and other clients. Open until closed. */
  async exposeJupyter(options: WaitOptions = {}): Promise<ExposedJupyter> {
    const exposed = await exposeJupyter(this.#connection, options);
    this.#jupyter.add(exposed);
    return exposed;
  }

  /** What the box uses of what it may use. A number that nobody knows is null, with the reason beside it. */
  usage(options: WaitOptions = {}): Promise<BoxUsage> {
    return this.#connection.client.json(boxUsageSchema, "GET", "/kernelbox/usage", options);
  }

  /** Asks boxd who it is: the box's version, languages and settings. */
  health(options: WaitOptions = {}): Promise<Health> {
    return this.#connection.health(options);
  }

  /** Lets go of the sandbox, which lives on. Idempotent. */
  async disconnect(): Promise<void> {
    const message = `this Sandbox object was disconnected; use Sandbox.connect(${JSON.stringify(this.id)})`;
    await this.#close(new KernelboxError("tunnel-lost", message, { details: { boxId: this.id } }));
    await this.#connection.box.release();
  }

  /** Ends the box and deletes everything in it. Idempotent. */
  async stop(): Promise<void> {
    const { box } = this.#connection;
    try {
      await box.stop();
    } finally {
      await this.#close(boxExitError(box.id, { reason: "stopped" }));
      await box.release();
    }
  }

  /** Stops a sandbox that came from `Sandbox.create` or a pool; disconnects one that came from `getSandbox` or `Sandbox.connect`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await (this.#ownsLifecycle ? this.stop() : this.disconnect());
  }

  async #close(reason: KernelboxError): Promise<void> {
    await Promise.all([...this.#jupyter].map((exposed) => exposed.close()));
    this.#jupyter.clear();
    await this.#connection.close(reason);
  }

  async #chosen(choice: ContextChoice, call: string, options: WaitOptions | StreamCodeOptions): Promise<CodeContext> {
    const { context, language } = choice;
    if (context !== undefined && language !== undefined) {
      throw invalidArgument(`${call}: context and language exclude each other; a context has its language`);
    }
    const waitOptions = options.signal === undefined ? {} : { signal: options.signal };
    if (context !== undefined) return this.#contexts.resolve(context, waitOptions);
    return this.#contexts.default(language, waitOptions);
  }
}

/**
 * The living sandbox of that name, or a new one; atomic across processes. Names are `[a-z0-9][a-z0-9-]{0,62}` and unique
 * for each runtime. Its files are written only where it is made. With a `pool`, a new one is taken from there.
 *
 * @throws KernelboxError `sandbox-options-conflict`: it lives with other options.
 * @example
 * const sandbox = await getSandbox("user-42", { memoryMiB: 1024 });
 */
export function getSandbox(name: string, options: CreateSandboxOptions | PooledSandboxOptions = {}): Promise<Sandbox> {
  return Sandbox.get(name, options);
}
