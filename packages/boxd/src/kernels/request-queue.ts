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
import type { KernelMessage } from "./kernel.ts";
import {
  type KernelLoss,
  type Rejection,
  contentFromOutcome,
  errorContent,
  outcomeFromLoss,
  outcomeFromRejection,
} from "./made-outcomes.ts";
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
type Running = {
  readonly request: Request;
  meter?: { stop(): ExecutionUsage };
  reply?: WireMessage;
  usage?: ExecutionUsage | undefined;
  isIdle: boolean;
  escalation?: Escalation;
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
  private waiting: Request[] = [];
  private running: Running | undefined;
  private runTimer: NodeJS.Timeout | undefined;
  private state: "closed" | "open" | "dead" = "closed";
  private deathReason = "";
  private count = 0;

  constructor(options: QueueOptions) {
    this.options = options;
    this.port = options.port;
  }

  /** The kernel's count of executions so far. */
  get executionCount(): number {
    return this.count;
  }

  get isBusy(): boolean {
    return this.running !== undefined || this.waiting.length > 0;
  }

  /** The header of the request that the kernel works on. */
  get runningHeader(): Buffer | undefined {
    return this.running?.request.message.header;
  }

  /** Those that are queued or running. */
  unfinished(): readonly Execution[] {
    const all = this.running ? [this.running.request, ...this.waiting] : this.waiting;
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

  /** Takes a message of the kernel, on shell or iopub. */
  receive({ channel, message, header, parent }: KernelMessage): void {
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
    const queued = this.waiting.find((request) => executionId !== undefined && request.execution?.id === executionId);
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

  /** A new kernel answers. */
  kernelReady(): void {
    this.state = "open";
    this.count = 0;
    this.pump();
    this.port.changed();
  }

  /** The kernel is gone: what ran ends, what waited is rejected, what comes from now on waits for the next one. */
  kernelLost(loss: KernelLoss): void {
    this.state = "closed";
    const { running } = this;
    const rejected = this.waiting;
    this.waiting = [];
    if (running) this.endLost(running, loss);
    for (const request of rejected) this.reject(request, "context-lost", `its context was lost: ${loss.reason}`);
    this.port.changed();
  }

  /** There will be no further kernel unless somebody asks for a restart. */
  kernelDead(reason: string): void {
    this.state = "dead";
    this.deathReason = reason;
    const rejected = this.waiting;
    this.waiting = [];
    for (const request of rejected) this.reject(request, "context-lost", reason);
    this.port.changed();
  }

  /** A restart was asked for: requests wait for its kernel, also after a death. */
  kernelExpected(): void {
    this.state = "closed";
  }

  private pump(): void {
    while (this.state === "open" && !this.running) {
      const request = this.waiting.shift();
      if (!request) return;
      clearTimeout(request.timer);
      if (request.header.type === "kernelbox_variables_request" && !this.options.hasVariables) {
        this.answer(request, errorContent("CapabilityUnsupported", "this context's kernel cannot list its variables"));
        continue;
      }
      this.start(request);
    }
  }

  private start(request: Request): void {
    const { execution } = request;
    const running: Running = { request, isIdle: false };
    this.running = running;
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
    this.clearRunning(running);
    const { execution } = running.request;
    if (execution && running.reply) {
      const content = objectFromBytes(running.reply.content);
      if (typeof content["execution_count"] === "number") this.count = content["execution_count"];
      const outcome = outcomeFromReply(execution, content, running.usage);
      this.endExecution(execution, outcome);
      this.port.publish("shell", replyWithOutcome(running.reply, outcome));
      if (outcome.status !== "ok" && execution.abortsOnError) this.abortQueued(execution.session);
    }
    this.pump();
    this.port.changed();
  }

  private endLost(running: Running, loss: KernelLoss): void {
    this.clearRunning(running);
    const { request, reply } = running;
    const { execution } = request;
    if (!execution) return this.answer(request, errorContent("ContextLost", loss.reason));
    const usage = running.usage ?? running.meter?.stop();
    if (reply) {
      const outcome = outcomeFromReply(execution, objectFromBytes(reply.content), usage);
      this.endExecution(execution, { ...outcome, contextState: "lost" });
      this.port.publish("shell", replyWithOutcome(reply, { ...outcome, contextState: "lost" }));
    } else {
      const outcome = outcomeFromLoss(execution, loss, usage);
      this.endExecution(execution, outcome);
      this.answer(request, contentFromOutcome(outcome), outcome);
    }
    if (!running.isIdle && reply) this.port.publish("iopub", makeStatus("idle", request.message.header));
  }

  private clearRunning(running: Running): void {
    this.running = undefined;
    clearTimeout(this.runTimer);
    running.escalation?.cancel();
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
    for (const request of this.waiting.filter((waiting) => waiting.execution?.session === session)) {
      this.remove(request);
      this.reject(request, "cancelled", "a cell before it failed");
    }
  }

  private remove(request: Request): void {
    this.waiting = this.waiting.filter((waiting) => waiting !== request);
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
