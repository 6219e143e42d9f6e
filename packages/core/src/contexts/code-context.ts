import {
  type CheckpointInfo,
  type ContextInfo,
  type ExecutionRecord,
  checkpointInfoSchema,
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
import { CellRun } from "./cell-run.ts";
import { Checkpoint } from "./checkpoint.ts";
import { type Completion, type Inspection, type Variable, complete, inspect, variables } from "./kernel-questions.ts";
import { LateOutput, type LateOutputEvent } from "./late-output.ts";
import { collectRun, streamRun } from "./run-code.ts";
import { type RunCodeOptions, type StreamCodeOptions, checkRun, executeOptionsFrom } from "./run-options.ts";

const interruptDeadlineMs = 10_000;

/** What a context needs of those beside it. */
export type ContextHooks = {
  readonly onDelete: () => void;
  /** The object of another context of the sandbox. */
  readonly open: (info: ContextInfo) => CodeContext;
};

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
  /** Of a fork: what it could not take over (threads, sockets), a sentence each. */
  readonly forkWarnings: readonly string[];
  readonly #connection: BoxConnection;
  readonly #hooks: ContextHooks;
  readonly #session: string = uuid();
  readonly #late: LateOutput;
  readonly #channel: KernelChannel;
  /** What travels beside the channel may be faster, and has to come after it. */
  #lastRequest: string | undefined;

  /** Made by a sandbox: `createCodeContext`, `getCodeContext`, `defaultCodeContext`. */
  constructor(info: ContextInfo, connection: BoxConnection, hooks: ContextHooks) {
    this.id = info.id;
    this.language = info.language;
    this.kernelName = info.kernelName;
    this.cwd = info.cwd;
    this.createdAt = info.createdAt;
    this.isDefault = info.isDefault;
    this.#connection = connection;
    this.forkWarnings = info.forkWarnings ?? [];
    this.#hooks = hooks;
    this.#late = new LateOutput(connection.logger);
    const forget = connection.onClose((reason) => this.#channel.close(reason));
    this.#channel = this.#newChannel({ onUnclaimed: (message) => this.#late.receive(message), onClosed: forget });
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
   * A second context with everything that this one has: variables, functions, imported modules, open generators, random
   * state, figures, working directory and environment. Afterwards both are independent. Waits until the cells before it
   * have run. What a copy cannot have is in the fork's `forkWarnings`.
   *
   * @throws KernelboxError `capability-unsupported`: the language's kernel cannot be copied.
   */
  async fork(options: WaitOptions = {}): Promise<CodeContext> {
    const info = await this.#connection.client.json(contextInfoSchema, "POST", this.#path("/fork"), {
      ...options,
      json: { id: uuid(), after: this.#lastRequest },
      isRepeatable: true,
    });
    return this.#hooks.open(info);
  }

  /**
   * Keeps the state as it is when the cells before it have run, to come back to it with {@link restore}, any number of
   * times. A box keeps a limited number; the oldest makes room. Files are not part of it.
   *
   * @throws KernelboxError `capability-unsupported`: the language's kernel cannot be copied.
   */
  async checkpoint(options: WaitOptions & { readonly label?: string } = {}): Promise<Checkpoint> {
    const { label, ...wait } = options;
    if (label !== undefined) checkString(label, "label", "checkpoint");
    const info = await this.#connection.client.json(checkpointInfoSchema, "POST", this.#path("/checkpoints"), {
      ...wait,
      json: { id: uuid(), label, after: this.#lastRequest },
      isRepeatable: true,
    });
    return this.#checkpointFrom(info);
  }

  /**
   * Goes back to a checkpoint of this context, when the cells before it have run: same id, and the variables and count of
   * executions of that moment. Also wakes a context whose kernel is dead. When it fails, the context is as it was.
   *
   * @throws KernelboxError `invalid-argument`: the checkpoint was dropped, or is of another context.
   */
  async restore(checkpoint: Checkpoint | string, options: WaitOptions = {}): Promise<void> {
    const id = typeof checkpoint === "string" ? checkpoint : checkpoint?.id;
    checkString(id, "checkpoint", "restore");
    await this.#connection.client.json(contextInfoSchema, "POST", this.#checkpointPath(id, "/restore"), {
      ...options,
      json: { after: this.#lastRequest },
    });
  }

  /** Its checkpoints, oldest first, with the memory that each takes now. */
  async listCheckpoints(options: WaitOptions = {}): Promise<readonly Checkpoint[]> {
    const rows = z.array(checkpointInfoSchema);
    const all = await this.#connection.client.json(rows, "GET", this.#path("/checkpoints"), options);
    return all.map((info) => this.#checkpointFrom(info));
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
    this.#hooks.onDelete();
  }

  /** Deletes the context, unless it is gone already. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isDeleted) return;
    try {
      await this.delete();
    } catch (error) {
      if (!isGone(error)) throw error;
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
    this.#lastRequest = message.id;
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

  #checkpointFrom(info: CheckpointInfo): Checkpoint {
    return new Checkpoint(info, async (options) => {
      try {
        await this.#connection.client.empty("DELETE", this.#checkpointPath(info.id, ""), options);
      } catch (error) {
        if (!isGone(error)) throw error;
      }
    });
  }

  #checkpointPath(id: string, rest: string): string {
    return this.#path(`/checkpoints/${encodeURIComponent(id)}${rest}`);
  }

  #path(rest: string): string {
    return `/kernelbox/contexts/${encodeURIComponent(this.id)}${rest}`;
  }
}

/** Whether there is nothing left that could be ended. */
function isGone(error: unknown): boolean {
  return KernelboxError.isInstance(error) && ["context-not-found", "box-exited"].includes(error.code);
}

function checkPosition(call: string, code: string, cursor: number): void {
  checkString(code, "code", call);
  if (!Number.isInteger(cursor) || cursor < 0 || cursor > code.length) {
    throw invalidArgument(`${call}: cursor must be a whole number from 0 to ${code.length}, not ${String(cursor)}`);
  }
}
