import type { ExecutionRecord, InterruptResponse } from "@kernelbox/protocol";
import { type Execution, type StopCause, executionFromRequest, replyWithOutcome } from "./execution.ts";
import { ExecutionLog } from "./execution-log.ts";
import type { KernelMessage } from "./kernel.ts";
import { KernelQuestions } from "./kernel-questions.ts";
import { type KernelLoss, contentFromOutcome, errorContent, outcomeFromLoss } from "./made-outcomes.ts";
import { makeStatus } from "./make-message.ts";
import { QueueAnswers, endExecution } from "./queue-answers.ts";
import type { QueueOptions, QueuePort, Undo } from "./queue-port.ts";
import { idleGraceMs, longestTimeoutMs, requestPatienceMs } from "./timeouts.ts";
import { RunningRequest } from "./running-request.ts";
import { type Turn, type TurnOptions, contextLost, turnOf } from "./turn.ts";
import { type Request, WaitingLine, isRequest } from "./waiting-line.ts";
import { type HeaderFields, type WireMessage, objectFromBytes } from "./wire.ts";

/**
 * The one way to a kernel's shell: requests go one at a time and in order, so that a time limit counts from a cell's
 * start and an interrupt can only hit the cell that it means.
 */
export class RequestQueue {
  private readonly port: QueuePort;
  private readonly options: QueueOptions;
  private readonly log = new ExecutionLog();
  private readonly questions: KernelQuestions;
  private readonly answers: QueueAnswers;
  private readonly waiting = new WaitingLine();
  private running: RunningRequest | undefined;
  private turn: Turn | undefined;
  private state: "closed" | "open" | "dead" = "closed";
  private deathReason = "";
  private count = 0;

  constructor(options: QueueOptions) {
    this.options = options;
    this.port = options.port;
    this.questions = new KernelQuestions((message) => this.port.send(message));
    this.answers = new QueueAnswers(options.port);
  }

  /** The kernel's count of executions so far. */
  get executionCount(): number {
    return this.count;
  }

  get isBusy(): boolean {
    return this.running !== undefined || this.turn !== undefined || !this.waiting.isEmpty;
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
    const requests = this.waiting.requests();
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
      if (!execution)
        return this.answers.answer(request, errorContent("InvalidArgument", "metadata.kernelbox is not valid"));
      request.execution = execution;
      this.log.add(execution);
      if (this.state === "dead") return this.answers.reject(request, "context-lost", this.deathReason);
      if (execution.queueTimeoutMs > 0) this.armQueueTimeout(request, execution.queueTimeoutMs);
    } else if (this.state === "dead") {
      return this.answers.answer(request, errorContent("ContextLost", this.deathReason));
    }
    this.waiting.add(request);
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
      if (!this.waiting.remove(turn)) return;
      turn.reject(signal?.reason as Error);
      this.port.changed();
    };
    if (this.state === "dead" && !turn.survivesLoss) turn.reject(contextLost(this.deathReason));
    else {
      this.waiting.add(turn);
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
      running.takeReply(message);
      if (running.isIdle) this.finish(running);
      else running.after(idleGraceMs, () => this.finish(running));
    } else {
      this.port.publish(channel, message);
      if (running) this.finish(running);
    }
  }

  /** Stops one execution, or without an id whatever runs. */
  interrupt(executionId: string | undefined, cause?: StopCause): InterruptResponse {
    const queued = this.waiting.takeOut(executionId);
    if (queued) {
      this.answers.reject(queued, "cancelled", "it was cancelled while it waited in the queue");
      return { result: "cancelled" };
    }
    const running = this.running;
    const execution = running?.request.execution;
    const isMeant = execution && (executionId === undefined || execution.id === executionId);
    if (!running || !execution || !isMeant || running.reply) return { result: "ended" };
    const asked = { status: "interrupted", reason: "the cell was interrupted" } as const;
    running.stop(cause ?? asked, this.port, this.options.graceMs ?? 1_000);
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
    for (const waiting of this.waiting.removeBound()) {
      if (isRequest(waiting)) this.answers.reject(waiting, "context-lost", reason);
      else waiting.reject(contextLost(reason));
    }
  }

  private pump(): void {
    while (!this.running && !this.turn) {
      const next = this.waiting.first;
      // What survives a loss needs no kernel: it brings one.
      const canStart = this.state === "open" || (this.state === "dead" && next !== undefined && !isRequest(next));
      if (!next || !canStart) return;
      this.waiting.removeFirst();
      if (!isRequest(next)) {
        this.giveTurn(next);
        continue;
      }
      clearTimeout(next.timer);
      if (next.header.type === "kernelbox_variables_request" && !this.options.hasVariables) {
        this.answers.answer(
          next,
          errorContent("CapabilityUnsupported", "this context's kernel cannot list its variables"),
        );
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
    const running = new RunningRequest(request);
    this.running = running;
    if (execution?.undoesOnError) void this.startUndoable(running);
    else this.send(running);
  }

  private async startUndoable(running: RunningRequest): Promise<void> {
    const refusal = await running.keepState(() => this.port.keep());
    if (this.running !== running) return running.close();
    if (!refusal) return this.send(running);
    this.clearRunning(running);
    this.answers.reject(running.request, refusal.rejected, refusal.reason);
    this.pump();
  }

  private send(running: RunningRequest): void {
    const { request } = running;
    const { execution } = request;
    this.port.send(execution?.request ?? request.message);
    if (!execution) {
      running.after(requestPatienceMs, () => this.finish(running));
      return;
    }
    // After the sending: the kernel works while we look at the clocks.
    execution.state = "running";
    execution.startedAt = new Date().toISOString();
    running.begin(this.port.measure());
    const { timeoutMs } = execution;
    if (timeoutMs <= 0) return;
    const reason = `the cell exceeded timeoutMs ${timeoutMs} and was stopped; raise timeoutMs, or pass 0 for no limit`;
    running.after(timeoutMs, () => this.interrupt(execution.id, { status: "timed-out", reason }));
  }

  /** The kernel is done with `running`; called once for each. */
  private finish(running: RunningRequest): void {
    if (this.running !== running || running.isBeingUndone) return;
    const { execution } = running.request;
    const ended = running.ended();
    if (running.undo && ended && ended.outcome.status !== "ok") {
      void this.undoAndFinish(running, running.undo);
      return;
    }
    this.clearRunning(running);
    if (execution && ended && running.reply) {
      const { content, outcome } = ended;
      if (typeof content["execution_count"] === "number") this.count = content["execution_count"];
      endExecution(execution, outcome);
      this.port.publish("shell", replyWithOutcome(running.reply, outcome));
      if (outcome.status !== "ok" && execution.abortsOnError) this.abortQueued(execution.session);
    }
    this.pump();
    this.port.changed();
  }

  /** The reply waits for the state from before, so that whoever hears of the failure can go on. */
  private async undoAndFinish(running: RunningRequest, undo: Undo): Promise<void> {
    running.isBeingUndone = true;
    // The outcome says when that fails.
    const isUndone = await undo.restore().then(
      () => true,
      () => false,
    );
    const ended = running.ended();
    const { execution } = running.request;
    if (this.running !== running || !execution || !ended || !running.reply) return;
    this.clearRunning(running);
    endExecution(execution, ended.outcome);
    this.port.publish("shell", replyWithOutcome(running.reply, { ...ended.outcome, isUndone }));
    this.pump();
    this.port.changed();
  }

  private endLost(running: RunningRequest, loss: KernelLoss, isUndone: boolean): void {
    this.clearRunning(running);
    const { request, reply } = running;
    const state = isUndone ? ({ contextState: "kept", isUndone } as const) : ({ contextState: "lost" } as const);
    const { execution } = request;
    if (!execution) return this.answers.answer(request, errorContent("ContextLost", loss.reason));
    const ended = running.ended();
    if (reply && ended) {
      const outcome = { ...ended.outcome, ...state };
      endExecution(execution, outcome);
      this.port.publish("shell", replyWithOutcome(reply, outcome));
    } else {
      const outcome = { ...outcomeFromLoss(execution, loss, running.usage), ...state };
      endExecution(execution, outcome);
      this.answers.answer(request, contentFromOutcome(outcome), outcome);
    }
    if (!running.isIdle && reply) this.port.publish("iopub", makeStatus("idle", request.message.header));
  }

  private clearRunning(running: RunningRequest): void {
    this.running = undefined;
    running.close();
  }

  private armQueueTimeout(request: Request, queueTimeoutMs: number): void {
    const expire = (): void => {
      this.waiting.remove(request);
      this.answers.reject(
        request,
        "queue-timeout",
        `it waited in the queue for longer than queueTimeoutMs ${queueTimeoutMs}`,
      );
    };
    request.timer = setTimeout(expire, Math.min(queueTimeoutMs, longestTimeoutMs));
  }

  private abortQueued(session: string): void {
    for (const request of this.waiting.requests().filter((waiting) => waiting.execution?.session === session)) {
      this.waiting.remove(request);
      this.answers.reject(request, "cancelled", "a cell before it failed");
    }
  }
}
