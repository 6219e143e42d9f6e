import { EventEmitter, once } from "node:events";
import { RecentIds } from "./recent-ids.ts";

/** The messages that a context has taken from its clients. */
export class TakenMessages {
  private readonly ids: RecentIds;
  private readonly arrivals = new EventEmitter();

  constructor(capacity: number) {
    this.ids = new RecentIds(capacity);
  }

  /** False: it was taken before. */
  add(messageId: string): boolean {
    return this.ids.add(messageId);
  }

  /** Tells those who wait that the message is in its queue. */
  arrived(messageId: string): void {
    if (messageId !== "") this.arrivals.emit(messageId);
  }

  /** Resolves when the message has arrived; rejects when the signal is aborted before. */
  async until(messageId: string, signal: AbortSignal): Promise<void> {
    if (!this.ids.has(messageId)) await once(this.arrivals, messageId, { signal });
  }
}
