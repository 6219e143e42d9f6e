import type { ExecuteOutcome, ExecutionRecord, ExecutionUsage, InterruptResponse } from "@kernelbox/protocol";
import { type Escalation, escalate } from "./escalation.ts";
import {
  type Execution,
  type StopCause,
  executionFromRequest,
  outcomeFromReply,
  replyWithOutcome,
} from "./execution.ts";
import { ExecutionLog } from "./execution-log.ts";
import type { Kernel, KernelMessage } from "./kernel.ts";
import {
  type KernelLoss,
  type Rejection,
  contentFromOutcome,
  errorContent,
  outcomeFromLoss,
  outcomeFromRejection,
} from "./made-outcomes.ts";
import { KernelQuestions } from "./kernel-questions.ts";
import { type Turn, type TurnOptions, contextLost, turnOf } from "./turn.ts";
import { makeMessage, makeStatus } from "./make-message.ts";
import { type ChannelName, type HeaderFields, type WireMessage, objectFromBytes } from "./wire.ts";
import { longestTimeoutMs } from "./timeouts.ts";

/** What the queue needs of the kernel and of the journal. */
export interface QueuePort {
  /** To the kernel's shell channel. */
  send(message: WireMessage): void;
  /** To the clients. */
  publish(channel: ChannelName, message: WireMessage): void;
  interrupt(): void;
  /** Ends the kernel for certain; `kernelLost` follows. */
  kill(): void;
  /** Starts to measure an execution. */
  measure(): { stop(): ExecutionUsage };
  /** The journal's head. */
  head(): number;
  /** Called when what runs or waits has changed. */
  changed(): void;
  /** Keeps the kernel's state as it is now, for an execution that may have to be undone. */
  keep(): Promise<Undo>;
}

/** Where a kernel with a state comes from. */
export type KernelSource = { readonly launch: () => Promise<Kernel>; readonly executionCount: number };

/** The state that a kernel had before an execution. */
export interface Undo {
  /** Goes on from that state, in the place of the kernel that lives. */
  restore(): Promise<void>;
  /** Where a kernel with that state comes from, when there is none left. */
  readonly source: KernelSource;
  /** It is not needed any more. */
  drop(): void;
}

/** Options of a {@link RequestQueue}. */
export type QueueOptions = {
  readonly port: QueuePort;
  /** Of executions that name none; 0: none. */
  readonly timeoutMs: number;
  /** Whether the kernel understands `kernelbox_variables_request`. */
  readonly hasVariables: boolean;
  /** Between the steps of a stop. @default 1000 */
  readonly graceMs?: number;
};

type Request = {
  readonly header: HeaderFields;
  readonly message: WireMessage;
  execution?: Execution;
  timer?: NodeJS.Timeout;
};
type Waiting = Request | Turn;
type Running = {
  readonly request: Request;
  meter?: { stop(): ExecutionUsage };
  reply?: WireMessage;
  usage?: ExecutionUsage | undefined;
  isIdle: boolean;
  escalation?: Escalation;
  undo?: Undo;
};

/** A kernel that ignores a request must not hold up the queue for ever. */
const requestPatienceMs = 10_000;
/** Some kernels never say idle; their replies are not held back for longer. */
const idleGraceMs = 1_000;

/**
 * The one way to a kernel's shell: requests go one at a time and in order, so that a time limit counts from a cell's
 * start and an interrupt can only hit the cell that it means.
 */
export class RequestQueue {
  private readonly port: QueuePort;
  private readonly options: QueueOptions;
  private readonly log = new ExecutionLog();
  private readonly questions: KernelQuestions;
  private waiting: Waiting[] = [];
  private running: Running | undefined;
  private turn: Turn | undefined;
  private runTimer: NodeJS.Timeout | undefined;
  private state: "closed" | "open" | "dead" = "closed";
  private deathReason = "";
  private count = 0;

  constructor(options: QueueOptions) {
    this.options = options;
    this.port = options.port;
    this.questions = new KernelQuestions((message) => this.port.send(message));
  }

  /** The kernel's count of executions so far. */
  get executionCount(): number {
    return this.count;
  }

  get isBusy(): boolean {
    return this.running !== undefined || this.turn !== undefined || this.waiting.length > 0;
  }

  /** What the running execution is undone with, should it lose the kernel. */
  get undo(): Undo | undefined {
    return this.running?.undo;
  }

  /** The header of the request that the kernel works on. */
  get runningHeader(): Buffer | undefined {
    return this.running?.request.message.header;
  }

  /** Those that are queued or running. */
  unfinished(): readonly Execution[] {
    const requests = this.waiting.filter(isRequest);
    const all = this.running ? [this.running.request, ...requests] : requests;
    return all.flatMap((request) => request.execution ?? []);
  }

  records(): readonly ExecutionRecord[] {
    return this.log.list();
  }

  /** Takes a request of a client. */
  submit(header: HeaderFields, message: WireMessage): void {
    const request: Request = { header, message };
    if (header.type === "execute_request") {
      const defaults = { timeoutMs: this.options.timeoutMs, after: this.port.head() };
      const execution = executionFromRequest(header, message, defaults);
      if (!execution) return this.answer(request, errorContent("InvalidArgument", "metadata.kernelbox is not valid"));
      request.execution = execution;
      this.log.add(execution);
      if (this.state === "dead") return this.reject(request, "context-lost", this.deathReason);
      if (execution.queueTimeoutMs > 0) this.armQueueTimeout(request, execution.queueTimeoutMs);
    } else if (this.state === "dead") {
      return this.answer(request, errorContent("ContextLost", this.deathReason));
    }
    this.waiting.push(request);
    this.pump();
    this.port.changed();
  }

  /**
   * Does something while the kernel is idle and nothing else reaches it, in its turn. Rejects as the work does, and with
   * `context-lost` if the kernel goes while it waits; work that survives that runs with the next kernel, or with none.
   */
  takeTurn<T>(work: () => Promise<T>, options: TurnOptions = {}): Promise<T> {
    const { signal } = options;
    const { turn, done } = turnOf(work, options);
    const withdraw = (): void => {
      if (!this.waiting.includes(turn)) return;
      this.remove(turn);
      turn.reject(signal?.reason as Error);
      this.port.changed();
    };
    if (this.state === "dead" && !turn.survivesLoss) turn.reject(contextLost(this.deathReason));
    else {
      this.waiting.push(turn);
      signal?.addEventListener("abort", withdraw, { once: true });
      if (signal?.aborted) withdraw();
      this.pump();
      this.port.changed();
    }
    return done;
  }

  /** Asks the kernel something in boxd's own name. For work that has its turn. */
  ask(message: WireMessage): Promise<Buffer> {
    return this.questions.ask(message);
  }

  /** Takes a message of the kernel, on shell or iopub. */
  receive(received: KernelMessage): void {
    if (this.questions.receive(received)) return;
    const { channel, message, header, parent } = received;
    const running = this.running?.request.header.messageId === parent.messageId ? this.running : undefined;
    if (channel === "iopub") {
      const limiter = this.log.byMessageId(parent.messageId)?.limiter;
      const kept = limiter ? limiter.take(header.type, message) : message;
      if (kept) this.port.publish("iopub", kept);
      if (running && header.type === "status" && objectFromBytes(message.content)["execution_state"] === "idle") {
        running.isIdle = true;
        if (running.reply || !running.request.execution) this.finish(running);
      }
    } else if (running?.request.execution) {
      // The reply waits for idle, so that it can tell how much was dropped and comes after all output.
      running.reply = message;
      running.usage = running.meter?.stop();
      running.escalation?.cancel();
      clearTimeout(this.runTimer);
      if (running.isIdle) this.finish(running);
      else this.runTimer = setTimeout(() => this.finish(running), idleGraceMs);
    } else {
      this.port.publish(channel, message);
      if (running) this.finish(running);
    }
  }

  /** Stops one execution, or without an id whatever runs. */
  interrupt(executionId: string | undefined, cause?: StopCause): InterruptResponse {
    const queued = this.waiting
      .filter(isRequest)
      .find((request) => executionId !== undefined && request.execution?.id === executionId);
    if (queued) {
      this.remove(queued);
      this.reject(queued, "cancelled", "it was cancelled while it waited in the queue");
      return { result: "cancelled" };
    }
    const running = this.running;
    const execution = running?.request.execution;
    const isMeant = execution && (executionId === undefined || execution.id === executionId);
    if (!running || !execution || !isMeant || running.reply) return { result: "ended" };
    if (!execution.stop) {
      execution.stop = cause ?? { status: "interrupted", reason: "the cell was interrupted" };
      const steps = { interrupt: () => this.port.interrupt(), kill: () => this.port.kill() };
      running.escalation = escalate(steps, this.options.graceMs ?? 1_000);
    }
    return { result: "interrupting" };
  }

  /** Another kernel answers, whose count of executions is known. */
  kernelReady(executionCount = 0): void {
    this.state = "open";
    this.count = executionCount;
    this.pump();
    this.port.changed();
  }

  /**
   * The kernel is gone: what ran ends, what waited is rejected, what comes from now on waits for the next one. With
   * `isUndone` the next one has the state from before what ran, and what waited goes on waiting.
   */
  kernelLost(loss: KernelLoss, isUndone = false): void {
    this.state = "closed";
    const { running } = this;
    this.questions.rejectAll(loss.reason);
    if (running) this.endLost(running, loss, isUndone);
    if (!isUndone) this.rejectWaiting(`its context was lost: ${loss.reason}`);
    this.port.changed();
  }

  /** There will be no further kernel unless somebody asks for a restart. */
  kernelDead(reason: string): void {
    this.state = "dead";
    this.deathReason = reason;
    this.rejectWaiting(reason);
    this.pump();
    this.port.changed();
  }

  /** A restart was asked for: requests wait for its kernel, also after a death. */
  kernelExpected(): void {
    this.state = "closed";
  }

  private rejectWaiting(reason: string): void {
    const rejected = this.waiting.filter((waiting) => isRequest(waiting) || !waiting.survivesLoss);
    this.waiting = this.waiting.filter((waiting) => !rejected.includes(waiting));
    for (const waiting of rejected) {
      if (isRequest(waiting)) this.reject(waiting, "context-lost", reason);
      else waiting.reject(contextLost(reason));
    }
  }

  private pump(): void {
    while (!this.running && !this.turn) {
      const [next] = this.waiting;
      // What survives a loss needs no kernel: it brings one.
      const canStart = this.state === "open" || (this.state === "dead" && next !== undefined && !isRequest(next));
      if (!next || !canStart) return;
      this.waiting.shift();
      if (!isRequest(next)) {
        this.giveTurn(next);
        continue;
      }
      clearTimeout(next.timer);
      if (next.header.type === "kernelbox_variables_request" && !this.options.hasVariables) {
        this.answer(next, errorContent("CapabilityUnsupported", "this context's kernel cannot list its variables"));
        continue;
      }
      this.start(next);
    }
  }

  private giveTurn(turn: Turn): void {
    this.turn = turn;
    // It passes its failure on itself.
    void turn.run().finally(() => {
      this.turn = undefined;
      this.pump();
      this.port.changed();
    });
  }

  private start(request: Request): void {
    const { execution } = request;
    const running: Running = { request, isIdle: false };
    this.running = running;
    if (execution?.undoesOnError) this.startUndoable(running, execution).catch(() => undefined);
    else this.send(running);
  }

  /** An execution that cannot be kept from doing harm is not run: that it can be undone was asked for. */
  private async startUndoable(running: Running, execution: Execution): Promise<void> {
    try {
      const undo = await this.port.keep();
      if (this.running !== running) return undo.drop();
      running.undo = undo;
    } catch (error) {
      if (this.running !== running) return;
      this.clearRunning(running);
      const why = error instanceof Error ? error.message : String(error);
      this.reject(running.request, "not-undoable", `it was not run, since it could not be undone: ${why}`);
      this.pump();
      return;
    }
    if (execution.stop) {
      // It was interrupted before it had begun.
      this.clearRunning(running);
      this.reject(running.request, "cancelled", execution.stop.reason);
      this.pump();
      return;
    }
    this.send(running);
  }

  private send(running: Running): void {
    const { request } = running;
    const { execution } = request;
    this.port.send(execution?.request ?? request.message);
    if (!execution) {
      this.runTimer = setTimeout(() => this.finish(running), requestPatienceMs);
      return;
    }
    // After the sending: the kernel works while we look at the clocks.
    execution.state = "running";
    execution.startedAt = new Date().toISOString();
    running.meter = this.port.measure();
    const { timeoutMs } = execution;
    if (timeoutMs <= 0) return;
    const reason = `the cell exceeded timeoutMs ${timeoutMs} and was stopped; raise timeoutMs, or pass 0 for no limit`;
    this.runTimer = setTimeout(
      () => this.interrupt(execution.id, { status: "timed-out", reason }),
      Math.min(timeoutMs, longestTimeoutMs),
    );
  }

  /** The kernel is done with `running`; called once for each. */
  private finish(running: Running): void {
    if (this.running !== running) return;
    const { execution } = running.request;
    if (execution && running.reply) {
      const content = objectFromBytes(running.reply.content);
      const outcome = outcomeFromReply(execution, content, running.usage);
      if (running.undo && outcome.status !== "ok") {
        this.undoAndFinish(running, running.undo).catch(() => undefined);
        return;
      }
      this.clearRunning(running);
      if (typeof content["execution_count"] === "number") this.count = content["execution_count"];
      this.endExecution(execution, outcome);
      this.port.publish("shell", replyWithOutcome(running.reply, outcome));
      if (outcome.status !== "ok" && execution.abortsOnError) this.abortQueued(execution.session);
    } else this.clearRunning(running);
    this.pump();
    this.port.changed();
  }

  /** The reply waits for the state from before, so that whoever hears of the failure can go on. */
  private async undoAndFinish(running: Running, undo: Undo): Promise<void> {
    const { execution } = running.request;
    const { reply } = running;
    clearTimeout(this.runTimer);
    let isUndone = true;
    try {
      await undo.restore();
    } catch {
      isUndone = false;
    }
    if (this.running !== running || !execution || !reply) return;
    this.clearRunning(running);
    const outcome = outcomeFromReply(execution, objectFromBytes(reply.content), running.usage);
    this.endExecution(execution, outcome);
    this.port.publish("shell", replyWithOutcome(reply, { ...outcome, isUndone }));
    this.pump();
    this.port.changed();
  }

  private endLost(running: Running, loss: KernelLoss, isUndone: boolean): void {
    this.clearRunning(running);
    const { request, reply } = running;
    const state = isUndone ? ({ contextState: "kept", isUndone } as const) : ({ contextState: "lost" } as const);
    const { execution } = request;
    if (!execution) return this.answer(request, errorContent("ContextLost", loss.reason));
    const usage = running.usage ?? running.meter?.stop();
    if (reply) {
      const outcome = outcomeFromReply(execution, objectFromBytes(reply.content), usage);
      this.endExecution(execution, { ...outcome, ...state });
      this.port.publish("shell", replyWithOutcome(reply, { ...outcome, ...state }));
    } else {
      const outcome = { ...outcomeFromLoss(execution, loss, usage), ...state };
      this.endExecution(execution, outcome);
      this.answer(request, contentFromOutcome(outcome), outcome);
    }
    if (!running.isIdle && reply) this.port.publish("iopub", makeStatus("idle", request.message.header));
  }

  private clearRunning(running: Running): void {
    this.running = undefined;
    clearTimeout(this.runTimer);
    running.escalation?.cancel();
    running.undo?.drop();
  }

  private endExecution(execution: Execution, outcome: ExecuteOutcome): void {
    execution.state = "ended";
    execution.status = outcome.status;
  }

  private armQueueTimeout(request: Request, queueTimeoutMs: number): void {
    const expire = (): void => {
      this.remove(request);
      this.reject(request, "queue-timeout", `it waited in the queue for longer than queueTimeoutMs ${queueTimeoutMs}`);
    };
    request.timer = setTimeout(expire, Math.min(queueTimeoutMs, longestTimeoutMs));
  }

  private abortQueued(session: string): void {
    const requests = this.waiting.filter(isRequest);
    for (const request of requests.filter((waiting) => waiting.execution?.session === session)) {
      this.remove(request);
      this.reject(request, "cancelled", "a cell before it failed");
    }
  }

  private remove(removed: Waiting): void {
    this.waiting = this.waiting.filter((waiting) => waiting !== removed);
  }

  /** Ends a request that never reached the kernel. */
  private reject(request: Request, rejected: Rejection, reason: string): void {
    clearTimeout(request.timer);
    const { execution } = request;
    if (!execution) return this.answer(request, errorContent("ContextLost", reason));
    const outcome = outcomeFromRejection(execution, rejected, reason);
    this.endExecution(execution, outcome);
    this.answer(request, { status: "aborted", reason }, outcome);
    this.port.changed();
  }

  /** Replies in the kernel's place. Idle follows, since clients wait for both. */
  private answer(request: Request, content: Readonly<Record<string, unknown>>, outcome?: ExecuteOutcome): void {
    const { header, message } = request;
    const parentHeader = message.header;
    if (header.type.endsWith("_request")) {
      const type = `${header.type.slice(0, -"_request".length)}_reply`;
      const metadata = outcome && { kernelbox: outcome };
      this.port.publish("shell", makeMessage({ type, content, parentHeader, ...(metadata && { metadata }) }));
    }
    this.port.publish("iopub", makeStatus("idle", parentHeader));
  }
}

function isRequest(waiting: Waiting): waiting is Request {
  return "header" in waiting;
}
