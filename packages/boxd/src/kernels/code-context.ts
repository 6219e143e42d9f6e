import type {
  ContextInfo,
  ContextStatus,
  CreateCheckpointRequest,
  CreateContextRequest,
  ExecutionRecord,
  InterruptResponse,
} from "@kernelbox/protocol";
import { sequenceHeaderBytes } from "@kernelbox/protocol";
import { encodeV1 } from "../channels/v1-codec.ts";
import type { ContextJournal } from "../journal/journal.ts";
import type { Checkpoint } from "./checkpoint-store.ts";
import type { Kernel, KernelMessage } from "./kernel.ts";
import { BetweenKernels } from "./between-kernels.ts";
import type { CodeContextOptions } from "./context-options.ts";
import { ContextClients } from "./context-clients.ts";
import { type Ancestry, ContextCopies } from "./context-copies.ts";
import type { KernelExit } from "./kernel-process.ts";
import type { Kernelspec } from "./kernelspecs.ts";
import { languageOf } from "./languages.ts";
import { makeMessage, makeStatus } from "./make-message.ts";
import type { KernelLoss } from "./made-outcomes.ts";
import type { KernelSource } from "./queue-port.ts";
import { RequestQueue } from "./request-queue.ts";
import { TakenMessages } from "./taken-messages.ts";
import { contextLost } from "./turn.ts";
import { type UsageMeter, startUsageMeter } from "./usage-meter.ts";
import { type ChannelName, type WireMessage, fieldsFromHeader } from "./wire.ts";

type Replacement = {
  /** What becomes of what runs and waits; absent: nothing can have run. */
  readonly loss?: Omit<KernelLoss, "exitCode">;
  /** How the kernel ended that is replaced; absent: it lives. */
  readonly exit?: KernelExit;
  /** Where the next kernel comes from. @default from nothing */
  readonly source?: KernelSource;
};

const politeStopMs = 1_000;

/** One kernel with its queue and its journal. It stays when the kernel is replaced. */
export class CodeContext {
  readonly id: string;
  readonly journal: ContextJournal;
  readonly spec: Kernelspec;
  private readonly options: CodeContextOptions;
  private readonly queue: RequestQueue;
  private readonly createdAt = new Date().toISOString();
  private readonly copies: ContextCopies;
  private readonly taken = new TakenMessages(100_000);
  private readonly ending = new AbortController();
  private readonly clients = new ContextClients(() => this.updateHold());
  private readonly between: BetweenKernels;
  private lastUsedAt = this.createdAt;
  private kernel: Kernel | undefined;
  /** Of the last kernel that answered. */
  private kernelInfo: Buffer | undefined;
  private replacing: Promise<void> | undefined;
  private isDead = false;
  private isMuted = false;
  private deleting: Promise<void> | undefined;
  private releaseHold: (() => void) | undefined;
  private forkWarnings: readonly string[] | undefined;

  constructor(options: CodeContextOptions) {
    this.options = options;
    this.id = options.id;
    this.spec = options.spec;
    this.journal = options.journal;
    this.queue = new RequestQueue({
      timeoutMs: options.timeoutMs ?? options.boxTimeoutMs,
      hasVariables: options.spec.features.includes("variables"),
      port: {
        send: (message) => this.kernel?.send("shell", message),
        publish: (channel, message) => this.publish(channel, message),
        interrupt: () => this.kernel?.interrupt(),
        kill: () => this.kernel?.process.signal("SIGKILL"),
        measure: () => this.measure(),
        head: () => this.journal.head,
        changed: () => this.updateHold(),
        keep: () => this.copies.keep(),
      },
    });
    this.between = new BetweenKernels({
      kernel: () => this.kernel,
      replacing: () => this.replacing,
      logError: (error) => this.logError(error),
    });
    const { forks, checkpoints, languagesWithForks } = options;
    this.copies = new ContextCopies({
      ...{ contextId: this.id, spec: this.spec, forks, checkpoints, languagesWithForks },
      queue: this.queue,
      replaceKernel: (source) => this.putInPlace(source),
      ending: this.ending.signal,
    });
  }

  get status(): ContextStatus {
    if (this.isDead) return "dead";
    if (!this.kernel) return "starting";
    return this.queue.isBusy ? "busy" : "idle";
  }

  get origin(): CreateContextRequest {
    return this.options.origin;
  }

  get connections(): number {
    return this.clients.count;
  }

  info(): ContextInfo {
    const { timeoutMs } = this.options;
    return {
      id: this.id,
      language: languageOf(this.spec),
      kernelName: this.spec.name,
      cwd: this.options.cwd,
      createdAt: this.createdAt,
      lastUsedAt: this.lastUsedAt,
      status: this.status,
      executionCount: this.queue.executionCount,
      isDefault: this.options.isDefault,
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(this.forkWarnings && { forkWarnings: [...this.forkWarnings] }),
    };
  }

  executions(): readonly ExecutionRecord[] {
    return this.queue.records();
  }

  /** Starts the first kernel, or takes a forked one. */
  async start(ancestry?: Ancestry): Promise<void> {
    this.forkWarnings = ancestry?.losses;
    const { kernel, executionCount = 0 } = ancestry ?? {};
    await this.replaceKernel(kernel ? { source: { launch: () => Promise.resolve(kernel), executionCount } } : {});
  }

  /** A copy of the kernel as it is when its turn comes, after the client's message `after`. */
  async fork(after: string | undefined, signal: AbortSignal): Promise<Ancestry> {
    await this.waitForMessage(after, signal);
    return this.copies.fork(signal);
  }

  /** Keeps the state as it is when its turn comes. */
  async checkpoint(request: CreateCheckpointRequest, signal: AbortSignal): Promise<Checkpoint> {
    await this.waitForMessage(request.after, signal);
    return this.copies.checkpoint(request, signal);
  }

  /** Goes back to a checkpoint when its turn comes. */
  async restore(checkpoint: Checkpoint, after: string | undefined, signal: AbortSignal): Promise<void> {
    await this.waitForMessage(after, signal);
    await this.copies.restore(checkpoint, signal);
  }

  /** What comes by another connection may be faster than the channel. */
  private async waitForMessage(messageId: string | undefined, signal: AbortSignal): Promise<void> {
    if (messageId === undefined) return;
    const { signal: ending } = this.ending;
    try {
      await this.taken.until(messageId, AbortSignal.any([signal, ending]));
    } catch (error) {
      throw ending.aborted ? contextLost("the context was deleted") : error;
    }
  }

  private async putInPlace(source: KernelSource): Promise<void> {
    // Another replacement is of a kernel that died meanwhile.
    while (this.replacing) await this.replacing.catch(() => undefined);
    await this.replaceKernel({ source });
  }

  /** Takes a message of a client that sends again what was not confirmed; a repeated id is left out. */
  submitOnce(channel: ChannelName, message: WireMessage): void {
    const { messageId } = fieldsFromHeader(message.header);
    if (!this.taken.add(messageId)) return;
    this.submit(channel, message);
    this.taken.arrived(messageId);
  }

  /** Takes a client's message. Stock clients may use an id again: those of one jupyter_client manager share them. */
  submit(channel: ChannelName, message: WireMessage): void {
    const header = fieldsFromHeader(message.header);
    this.lastUsedAt = new Date().toISOString();
    this.options.activity.touch();
    if (channel === "stdin" || channel === "control") this.kernel?.send(channel, message);
    else if (channel !== "shell")
      this.options.log("a message on a channel for output is dropped", { type: header.type });
    else if (header.type === "kernel_info_request" && this.kernelInfo) this.answerKernelInfo(this.kernelInfo, message);
    else this.between.pass(() => this.queue.submit(header, message), this.queue.isBusy);
  }

  interrupt(executionId?: string): InterruptResponse {
    return this.queue.interrupt(executionId);
  }

  /** Replaces the kernel by a new one with the same directory and environment. Also wakes a dead context. */
  async restart(): Promise<void> {
    await this.replaceKernel({ loss: { cause: "restarted", reason: "the context was restarted" } });
  }

  /** Ends the kernel and tells the clients. Idempotent. */
  delete(): Promise<void> {
    this.deleting ??= this.end().then(() => this.clients.tellDeleted());
    return this.deleting;
  }

  /** Ends the kernel with its box. The clients hear of it by the end of their tunnel, which tells more. */
  deleteWithBox(): Promise<void> {
    this.isMuted = true;
    this.deleting ??= this.end();
    return this.deleting;
  }

  /** A client is there until the returned function is called. `onDeleted` is called when the context is deleted. */
  attachClient(onDeleted: () => void): () => void {
    return this.clients.attach(onDeleted);
  }

  private async end(): Promise<void> {
    this.ending.abort();
    this.options.checkpoints.dropAllOf(this.id);
    await this.replacing?.catch(() => undefined);
    const { kernel } = this;
    this.kernel = undefined;
    if (kernel) {
      await kernel.stop(this.queue.isBusy ? 0 : politeStopMs);
      await kernel.close();
    }
    this.queue.kernelLost({ cause: "restarted", reason: "the context was deleted", exitCode: null });
    this.queue.kernelDead("the context was deleted");
    this.isDead = true;
    this.journal.close();
  }

  /** One replacement at a time: who asks while one is under way gets its kernel. */
  private replaceKernel(replacement: Replacement): Promise<void> {
    this.replacing ??= this.doReplaceKernel(replacement).finally(() => {
      this.replacing = undefined;
    });
    return this.replacing;
  }

  private async doReplaceKernel({ loss, exit, source }: Replacement): Promise<void> {
    const old = this.kernel;
    this.kernel = undefined;
    this.isDead = false;
    // Before what runs is told of its loss, which gives the source up.
    const next = source && (await this.launchFrom(source));
    if (old) {
      // One whose state is not wanted any more gets no time to say goodbye.
      const isDiscarded = exit === undefined && loss === undefined;
      const ended = exit ?? (await old.stop(this.queue.isBusy || isDiscarded ? 0 : politeStopMs));
      await old.close();
      if (loss) this.queue.kernelLost({ ...loss, exitCode: ended.exitCode }, next !== undefined);
      if (!isDiscarded) this.publish("iopub", makeStatus("restarting"));
    }
    this.queue.kernelExpected();
    try {
      const kernel = next ?? (await this.options.startKernel(this.ending.signal));
      kernel.listen((received) => this.receive(received));
      this.kernel = kernel;
      this.kernelInfo = kernel.info;
      kernel.process.exited.then((ended) => this.onExit(kernel, ended)).catch((error: unknown) => this.logError(error));
      this.queue.kernelReady(next && source?.executionCount);
      // Stock clients show the last status that they saw, which was of the kernel before.
      if (old && !this.queue.isBusy) this.publish("iopub", makeStatus("idle"));
    } catch (error) {
      this.isDead = true;
      this.queue.kernelDead(
        `the kernel could not be started: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.publish("iopub", makeStatus("dead"));
      throw error;
    }
  }

  private async launchFrom(source: KernelSource): Promise<Kernel | undefined> {
    try {
      return await source.launch();
    } catch (error) {
      this.logError(error);
      return undefined;
    }
  }

  private async onExit(kernel: Kernel, exit: KernelExit): Promise<void> {
    // It may have died in the moment in which its start was finished.
    await this.replacing?.catch(() => undefined);
    // Another kernel, or none, means that the end was planned.
    if (kernel !== this.kernel || this.ending.signal.aborted) return;
    const reason = `the kernel ${exit.reason}`;
    this.options.log("a kernel died and is replaced", {
      context: this.id,
      reason,
      lastWords: kernel.process.lastWords(),
    });
    const undo = this.queue.undo;
    await this.replaceKernel({ loss: { cause: "died", reason }, exit, ...(undo && { source: undo.source }) });
  }

  private receive(received: KernelMessage): void {
    if (received.channel === "shell" || received.channel === "iopub") this.queue.receive(received);
    else this.publish(received.channel, received.message);
  }

  private publish(channel: ChannelName, message: WireMessage): void {
    if (!this.isMuted) this.journal.append(encodeV1(channel, message, sequenceHeaderBytes));
  }

  /**
   * From the cache: it works while the kernel is busy, which clients that connect count on, and between two kernels,
   * where stock clients do not survive an error.
   */
  private answerKernelInfo(content: Buffer, request: WireMessage): void {
    const parentHeader = request.header;
    this.publish("iopub", makeStatus("busy", parentHeader));
    this.publish("shell", makeMessage({ type: "kernel_info_reply", content, parentHeader }));
    this.publish("iopub", makeStatus("idle", parentHeader));
    // Clients show the last status that they saw.
    const running = this.queue.runningHeader;
    if (running) this.publish("iopub", makeStatus("busy", running));
    else if (this.isDead) this.publish("iopub", makeStatus("dead"));
    else if (!this.kernel) this.publish("iopub", makeStatus("starting"));
  }

  /** Work keeps the box from being idle; work without a time limit does so only while somebody is there. */
  private updateHold(): void {
    const counts = this.queue.unfinished().some((execution) => execution.timeoutMs > 0 || this.clients.count > 0);
    if (counts) this.releaseHold ??= this.options.activity.hold();
    else {
      this.releaseHold?.();
      this.releaseHold = undefined;
    }
  }

  private measure(): UsageMeter {
    // Once a cell: noted later, a kill would be noted itself before the exit that it causes is seen.
    this.kernel?.process.noteMemoryKills();
    return startUsageMeter(this.kernel?.process.vitals);
  }

  private logError(error: unknown): void {
    this.options.log("a context's kernel could not be replaced", { context: this.id, error: String(error) });
  }
}
