import type { InterruptResponse } from "@kernelbox/protocol";
import { settledWithin } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { type MessageState, eventsFromMessage, newMessageState } from "../execution/event-from-message.ts";
import { eventsFromReply, outcomeFromReply } from "../execution/event-from-reply.ts";
import type { ExecutionEvent } from "../execution/execution-event.ts";
import type { KernelRequest } from "../jupyter/kernel-channel.ts";
import { type MessageHeader, type ReceivedMessage, executionStateOf } from "../jupyter/message.ts";
import type { WaitOptions } from "../runtime/runtime.ts";

/** boxd escalates from interrupt to kill within about 3 s, and a restart takes a few more. */
const stopDeadlineMs = 20_000;

/** What a {@link CellRun} works with. */
export type CellRunOptions = {
  readonly executionId: string;
  readonly contextId: string;
  readonly language: string;
  readonly code: string;
  readonly request: KernelRequest;
  readonly interrupt: (executionId: string) => Promise<InterruptResponse>;
  /** Sends the answer to an input request. */
  readonly reply: (value: string, parent: MessageHeader) => void;
  /** Called with the state of the messages when the execution is over. */
  readonly onEnd: (executionId: string, state: MessageState) => void;
};

/** One execution on its way: messages in, events out. Ends when the kernel said idle and replied, in either order. */
export class CellRun {
  readonly #options: CellRunOptions;
  readonly #state: MessageState = newMessageState();
  #hasStarted = false;
  #isIdle = false;
  #reply: ReceivedMessage | undefined;
  #inputRequest: MessageHeader | undefined;
  #isOver = false;

  constructor(options: CellRunOptions) {
    this.#options = options;
  }

  /** Whether its code began to run. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** The next events, in order, or `undefined` after the last. */
  async next(options: WaitOptions = {}): Promise<readonly ExecutionEvent[] | undefined> {
    while (!this.#isOver) {
      const message = await this.#receive(options);
      const events = this.#eventsFrom(message);
      if (events.length > 0) return events;
    }
    return undefined;
  }

  /** Answers the input request that came last, unless the run is over by then. */
  answerer(): (value: string) => void {
    const request = this.#inputRequest;
    return (value) => {
      if (request !== undefined && !this.#isOver) this.#options.reply(value, request);
    };
  }

  /**
   * Interrupts and waits until it is over; what still arrives goes to `sink`. Nothing to do once it is over. It never
   * throws, since it is called on the way out with another error.
   */
  async stop(sink: (event: ExecutionEvent) => void): Promise<void> {
    if (this.#isOver) return;
    await settledWithin(this.#stop(sink), stopDeadlineMs);
    this.#over();
  }

  async #stop(sink: (event: ExecutionEvent) => void): Promise<void> {
    try {
      const { result } = await this.#options.interrupt(this.#options.executionId);
      if (result === "cancelled") return;
      for (let events = await this.next(); events !== undefined; events = await this.next()) events.forEach(sink);
    } catch {
      // The caller is about to throw why it stops; that the box is gone as well would only hide it.
    }
  }

  async #receive(options: WaitOptions): Promise<ReceivedMessage> {
    try {
      return await this.#options.request.next(options);
    } catch (error) {
      const isAbort = options.signal?.aborted === true;
      if (!isAbort) this.#over();
      throw error;
    }
  }

  #eventsFrom(message: ReceivedMessage): readonly ExecutionEvent[] {
    const type = message.header.msg_type;
    if (type === "execute_reply" && message.channel === "shell") {
      this.#refuseIfRejected(message);
      this.#reply = message;
    } else if (type === "input_request") {
      this.#inputRequest = message.header;
    }
    const state = executionStateOf(message);
    if (state === "idle") this.#isIdle = true;
    const events = [...eventsFromMessage(message, this.#state)];
    if (this.#isIdle && this.#reply !== undefined) {
      events.push(...eventsFromReply(this.#reply, this.#state));
      this.#over();
    }
    const starts = state === "busy" || type === "execute_input" || events.length > 0;
    if (!starts || this.#hasStarted) return events;
    this.#hasStarted = true;
    const { executionId, contextId, language, code } = this.#options;
    return [{ type: "start", executionId, contextId, language, code }, ...events];
  }

  #refuseIfRejected(reply: ReceivedMessage): void {
    const outcome = outcomeFromReply(reply);
    if (outcome?.rejected === undefined) return;
    this.#over();
    throw rejectionError(outcome.rejected, outcome.reason, this.#options);
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#options.request.close();
    this.#options.onEnd(this.#options.executionId, this.#state);
  }
}

function rejectionError(
  rejected: "queue-timeout" | "cancelled" | "context-lost" | "not-undoable",
  reason: string | undefined,
  run: { readonly executionId: string; readonly contextId: string },
): KernelboxError {
  const details = { executionId: run.executionId, contextId: run.contextId };
  switch (rejected) {
    case "queue-timeout":
      return new KernelboxError(
        "queue-timeout",
        reason ?? `the code waited in the queue of context ${run.contextId} for its whole queueTimeoutMs and never ran`,
        { details },
      );
    case "context-lost":
      return new KernelboxError(
        "context-lost",
        `the code never ran: the kernel of context ${run.contextId} went away while it was queued${reason === undefined ? "" : ` (${reason})`}; its variables are lost, run it again`,
        { details },
      );
    case "not-undoable":
      return new KernelboxError("capability-unsupported", reason ?? "the code was not run: it could not be undone", {
        details,
      });
    case "cancelled":
      return new KernelboxError("aborted", reason ?? "the code was cancelled in the queue and never ran", { details });
  }
}
