import {
  type ContextInfo,
  type ExecutionRecord,
  contextInfoSchema,
  executionRecordSchema,
  interruptResponseSchema,
} from "@kernelbox/protocol";
import { v7 as uuid } from "uuid";
import { z } from "zod";
import { checkString, invalidArgument } from "../check-argument.ts";
import { throwIfAborted, withDeadline } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { ExecutionEvent } from "../execution/execution-event.ts";
import type { Execution } from "../execution/execution.ts";
import { deletedError } from "../jupyter/channel-socket.ts";
import { KernelChannel } from "../jupyter/kernel-channel.ts";
import { executeRequest, inputReply } from "../jupyter/requests.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import type { BoxConnection } from "../sandbox/box-connection.ts";
import { unsupportedError } from "../errors/unsupported-error.ts";
import { CellRun } from "./cell-run.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type Completion, type Inspection, type Variable, complete, inspect, variables } from "./kernel-questions.ts";
import { LateOutput, type LateOutputEvent } from "./late-output.ts";
import { collectRun, streamRun } from "./run-code.ts";
import { type RunCodeOptions, type StreamCodeOptions, checkRun, executeOptionsFrom } from "./run-options.ts";

const interruptDeadlineMs = 10_000;

/** One kernel in a sandbox, with its language, working directory, environment and variables. */
export class CodeContext implements AsyncDisposable {
  readonly id: string;
  readonly language: string;
  readonly kernelName: string;
  readonly cwd: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Whether it is what `runCode` uses where no context is named. */
  readonly isDefault: boolean;
  readonly #connection: BoxConnection;
  readonly #onDelete: () => void;
  readonly #session: string = uuid();
  readonly #late: LateOutput;
  readonly #channel: KernelChannel;

  /** Made by a sandbox: `createCodeContext`, `getCodeContext`, `defaultCodeContext`. */
  constructor(info: ContextInfo, connection: BoxConnection, onDelete: () => void) {
    this.id = info.id;
    this.language = info.language;
    this.kernelName = info.kernelName;
    this.cwd = info.cwd;
    this.createdAt = info.createdAt;
    this.isDefault = info.isDefault;
    this.#connection = connection;
    this.#onDelete = onDelete;
    this.#late = new LateOutput(connection.logger);
    this.#channel = this.#newChannel({ onUnclaimed: (message) => this.#late.receive(message) });
    connection.onClose((reason) => this.#channel.close(reason));
  }

  /** Whether it is known to be deleted. */
  get isDeleted(): boolean {
    return this.#channel.isClosed;
  }

  /** Called with what timers and threads show after their cell ended. Only cells that were run through this object. */
  get onLateOutput(): ((event: LateOutputEvent) => void) | undefined {
    return this.#late.listener;
  }

  set onLateOutput(listener: ((event: LateOutputEvent) => void) | undefined) {
    this.#late.listener = listener;
    this.#channel.keepsOpen = listener !== undefined;
  }

  /** Connects to the kernel. The calls that need it do so by themselves; it fails where the context was deleted. */
  async open(options: WaitOptions = {}): Promise<void> {
    await this.#channel.open(options);
  }

  /**
   * Runs code and collects what it does. Code that fails is data: see the execution's `status` and `error`.
   *
   * @example
   * const execution = await context.runCode("x + 1", { onStdout: (output) => process.stdout.write(output.text) });
   */
  async runCode(code: string, options: RunCodeOptions = {}): Promise<Execution> {
    checkRun("runCode", code, options);
    return collectRun(this.#start(code, options), options);
  }

  /** Runs code as a stream of events. Leaving the loop early interrupts the code. */
  async *streamCode(code: string, options: StreamCodeOptions = {}): AsyncGenerator<ExecutionEvent, void> {
    checkRun("streamCode", code, options);
    yield* streamRun(this.#start(code, options), options);
  }

  /** Starts the kernel again: same id, directory and environment, no variables. */
  async restart(options: WaitOptions = {}): Promise<void> {
    await this.#connection.client.json(contextInfoSchema, "POST", this.#path("/restart"), { ...options, json: {} });
  }

  /** Stops the cell that runs, and no other. */
  async interrupt(options: WaitOptions = {}): Promise<void> {
    await this.#interrupt(undefined, options);
  }

  /** What could be written at `cursor` (in UTF-16 units). Waits behind the cells of this context. */
  async complete(code: string, cursor: number = code.length, options: WaitOptions = {}): Promise<Completion> {
    checkPosition("complete", code, cursor);
    return complete(this.#channel, { code, cursor, session: this.#session }, options);
  }

  /** What the name at `cursor` is. Waits behind the cells of this context. */
  async inspect(code: string, cursor: number = code.length, options: WaitOptions = {}): Promise<Inspection> {
    checkPosition("inspect", code, cursor);
    return inspect(this.#channel, { code, cursor, session: this.#session }, options);
  }

  /** Its variables. Waits behind the cells of this context. */
  variables(options: WaitOptions = {}): Promise<readonly Variable[]> {
    return variables(this.#channel, this.#session, options);
  }

  /**
   * A second context with the same variables.
   *
   * @throws KernelboxError `capability-unsupported`
   */
  fork(): Promise<CodeContext> {
    return Promise.reject(
      unsupportedError("context.fork", "make a context with createCodeContext and run the code again"),
    );
  }

  /**
   * Keeps the present state, to come back to it with {@link restore}.
   *
   * @throws KernelboxError `capability-unsupported`
   */
  checkpoint(): Promise<Checkpoint> {
    return Promise.reject(unsupportedError("context.checkpoint", "restart the context and run the code again"));
  }

  /**
   * Goes back to a checkpoint.
   *
   * @throws KernelboxError `capability-unsupported`
   */
  restore(_checkpoint: Checkpoint): Promise<void> {
    return Promise.reject(unsupportedError("context.restore", "restart the context and run the code again"));
  }

  /** What runs, waits or is still in the journal. */
  listExecutions(options: WaitOptions = {}): Promise<readonly ExecutionRecord[]> {
    return this.#connection.client.json(z.array(executionRecordSchema), "GET", this.#path("/executions"), options);
  }

  /**
   * Follows an execution from its first event on, also one that another process started. Unlike `runCode`, an abort or a
   * callback that throws only ends the watching, not the code.
   *
   * @throws KernelboxError `journal-gap`: its first events are no longer there.
   */
  async attachExecution(executionId: string, options: Omit<RunCodeOptions, "stdin"> = {}): Promise<Execution> {
    checkRun("runCode", "", options);
    checkString(executionId, "executionId", "attachExecution");
    const signal = options.signal === undefined ? {} : { signal: options.signal };
    const record = (await this.listExecutions(signal)).find((row) => row.executionId === executionId);
    if (record === undefined) {
      throw invalidArgument(
        `attachExecution: context ${this.id} has no execution ${executionId}; see listExecutions()`,
      );
    }
    const channel = this.#newChannel({ after: record.after });
    try {
      const request = channel.follow(record.messageId, { isExecution: true });
      await channel.open(signal);
      const run = this.#run(record.executionId, record.code, {
        request,
        channel,
        interrupt: () => Promise.resolve({ result: "cancelled" }),
      });
      return await collectRun(run, options);
    } finally {
      channel.close(new KernelboxError("aborted", "the execution is no longer followed"));
    }
  }

  /** Ends the kernel and forgets the context. */
  async delete(options: WaitOptions = {}): Promise<void> {
    await this.#connection.client.empty("DELETE", this.#path(""), options);
    this.#channel.close(deletedError(this.id));
    this.#onDelete();
  }

  /** Deletes the context, unless it is gone already. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isDeleted) return;
    try {
      await this.delete();
    } catch (error) {
      const isGone = KernelboxError.isInstance(error) && ["context-not-found", "box-exited"].includes(error.code);
      if (!isGone) throw error;
    }
  }

  /** Whether it belongs to this connection's sandbox. */
  belongsTo(connection: BoxConnection): boolean {
    return this.#connection === connection;
  }

  /** Sends at once, so that calls run in the order in which they were made; the channel opens by itself. */
  #start(code: string, options: StreamCodeOptions): CellRun {
    throwIfAborted(options.signal);
    const executionId = uuid();
    const message = executeRequest(code, executeOptionsFrom(executionId, options), this.#session);
    const request = this.#channel.request(message, { isExecution: true });
    return this.#run(executionId, code, {
      request,
      channel: this.#channel,
      interrupt: (id) => this.#interrupt(id, {}),
    });
  }

  #run(
    executionId: string,
    code: string,
    wire: Pick<ConstructorParameters<typeof CellRun>[0], "request" | "interrupt"> & { readonly channel: KernelChannel },
  ): CellRun {
    return new CellRun({
      executionId,
      contextId: this.id,
      language: this.language,
      code,
      request: wire.request,
      interrupt: wire.interrupt,
      reply: (value, parent) => wire.channel.send(inputReply(uuid(), value, parent, this.#session)),
      onEnd: (id, state) => this.#late.remember(id, state),
    });
  }

  #interrupt(executionId: string | undefined, options: WaitOptions): Promise<z.infer<typeof interruptResponseSchema>> {
    return withDeadline(
      (signal) =>
        this.#connection.client.json(interruptResponseSchema, "POST", this.#path("/interrupt"), {
          json: executionId === undefined ? {} : { executionId },
          signal,
          // Naming an execution makes it harmless to say it twice; "whatever runs" may be another one by then.
          isRepeatable: executionId !== undefined,
        }),
      { timeoutMs: interruptDeadlineMs, ...options },
    );
  }

  #newChannel(options: Partial<ConstructorParameters<typeof KernelChannel>[0]>): KernelChannel {
    const { tunnel, logger } = this.#connection;
    return new KernelChannel({ tunnel, logger, contextId: this.id, ...options });
  }

  #path(rest: string): string {
    return `/kernelbox/contexts/${encodeURIComponent(this.id)}${rest}`;
  }
}

function checkPosition(call: string, code: string, cursor: number): void {
  checkString(code, "code", call);
  if (!Number.isInteger(cursor) || cursor < 0 || cursor > code.length) {
    throw invalidArgument(`${call}: cursor must be a whole number from 0 to ${code.length}, not ${String(cursor)}`);
  }
}
