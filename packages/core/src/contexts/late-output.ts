import { type MessageState, eventsFromMessage } from "../execution/event-from-message.ts";
import type { ExecutionEvent } from "../execution/execution-event.ts";
import type { ReceivedMessage } from "../jupyter/message.ts";
import type { Logger } from "../logger.ts";

/** What a timer or thread shows after its cell has ended. */
export type LateOutputEvent = ExecutionEvent & { readonly executionId: string };

const rememberedExecutions = 200;

/** Tells the late output of executions that ended here from messages that are nobody's. */
export class LateOutput {
  readonly #ended = new Map<string, MessageState>();
  readonly #logger: Logger;
  listener: ((event: LateOutputEvent) => void) | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** An execution ended: what comes for it from now on is late. */
  remember(executionId: string, state: MessageState): void {
    this.#ended.set(executionId, state);
    if (this.#ended.size <= rememberedExecutions) return;
    const [oldest] = this.#ended.keys();
    if (oldest !== undefined) this.#ended.delete(oldest);
  }

  /** A message that no open request waits for. */
  receive(message: ReceivedMessage): void {
    const state = this.#ended.get(message.parentId);
    if (state === undefined || this.listener === undefined) {
      this.#logger.debug("a message that nobody waits for", { type: message.header.msg_type });
      return;
    }
    try {
      for (const event of eventsFromMessage(message, state)) this.listener({ ...event, executionId: message.parentId });
    } catch (error) {
      // Nobody's call is there to be rejected, and the channel has to go on for the others.
      this.#logger.warn("late output could not be delivered", { executionId: message.parentId, error: String(error) });
    }
  }
}
