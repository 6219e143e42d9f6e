import type { ExecuteOutcome, ExecutionUsage } from "@kernelbox/protocol";
import { type Escalation, escalate } from "./escalation.ts";
import { type StopCause, outcomeFromReply } from "./execution.ts";
import type { Rejection } from "./made-outcomes.ts";
import type { QueuePort, Undo } from "./queue-port.ts";
import { longestTimeoutMs } from "./timeouts.ts";
import type { Request } from "./waiting-line.ts";
import { type WireMessage, objectFromBytes } from "./wire.ts";

/** Why a request is not run. */
export type Refusal = { readonly rejected: Rejection; readonly reason: string };

/** The request that a kernel works on. */
export class RunningRequest {
  readonly request: Request;
  reply: WireMessage | undefined;
  isIdle = false;
  /** What it is undone with, should it not end well. */
  undo: Undo | undefined;
  isBeingUndone = false;
  private meter: { stop(): ExecutionUsage } | undefined;
  private measured: ExecutionUsage | undefined;
  private escalation: Escalation | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(request: Request) {
    this.request = request;
  }

  /** What it has used. Once there is a reply, what it had used by then. */
  get usage(): ExecutionUsage | undefined {
    return this.measured ?? this.meter?.stop();
  }

  /** Starts the clocks. */
  begin(meter: { stop(): ExecutionUsage }): void {
    this.meter = meter;
  }

  takeReply(reply: WireMessage): void {
    this.reply = reply;
    this.measured = this.meter?.stop();
    this.escalation?.cancel();
    clearTimeout(this.timer);
  }

  /** The content of its reply, and what it means. `undefined` for what is no execution, or has no reply. */
  ended(): { readonly content: Readonly<Record<string, unknown>>; readonly outcome: ExecuteOutcome } | undefined {
    const { execution } = this.request;
    if (!execution || !this.reply) return undefined;
    const content = objectFromBytes(this.reply.content);
    return { content, outcome: outcomeFromReply(execution, content, this.measured) };
  }

  /** One clock at a time: a new one replaces the last. */
  after(ms: number, act: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(act, Math.min(ms, longestTimeoutMs));
  }

  /** Stops an execution: asks twice, then kills. The first cause counts. */
  stop(cause: StopCause, port: Pick<QueuePort, "interrupt" | "kill">, graceMs: number): void {
    const { execution } = this.request;
    if (!execution || execution.stop) return;
    execution.stop = cause;
    this.escalation = escalate({ interrupt: () => port.interrupt(), kill: () => port.kill() }, graceMs);
  }

  /** Keeps the state from before it. Resolves with why it must not run, if so: that it can be undone was asked for. */
  async keepState(keep: () => Promise<Undo>): Promise<Refusal | undefined> {
    try {
      this.undo = await keep();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { rejected: "not-undoable", reason: `it was not run, since it could not be undone: ${why}` };
    }
    const stop = this.request.execution?.stop;
    return stop && { rejected: "cancelled", reason: stop.reason };
  }

  /** It does not run any more. Idempotent. */
  close(): void {
    clearTimeout(this.timer);
    this.escalation?.cancel();
    this.undo?.drop();
  }
}
