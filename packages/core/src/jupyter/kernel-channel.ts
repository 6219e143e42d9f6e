import type { BoxControlFrame } from "@kernelbox/protocol";
import { AsyncQueue } from "../async-queue.ts";
import { abortable, pause } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { Logger } from "../logger.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import type { Tunnel } from "../tunnel/tunnel.ts";
import { ChannelSocket, deletedError } from "./channel-socket.ts";
import { type ReceivedMessage, executionStateOf } from "./message.ts";
import type { OutgoingMessage } from "./requests.ts";

/** Only a consumer that waits gets that far: one that reads takes each message as it comes. */
const mostUnreadBytes = 256 * 1024;
/** Where there are many channels, they share this. */
const unreadBudgetBytes = 8 * 1024 * 1024;
const leastUnreadBytes = 64 * 1024;
let openChannels = 0;
const ackEveryMessages = 64;
const openAttempts = 5;
const firstPauseMs = 50;

/** What a {@link KernelChannel} works with. */
export type KernelChannelOptions = {
  readonly tunnel: Tunnel;
  readonly contextId: string;
  readonly logger: Logger;
  /** The first message wanted is the one after it. @default "now" */
  readonly after?: number;
  /** Messages that belong to no open request. */
  readonly onUnclaimed?: (message: ReceivedMessage) => void;
  /** Called once, when the channel is closed or its context is known to be deleted. */
  readonly onClosed?: () => void;
};

/** The messages that answer one request. */
export interface KernelRequest {
  /** The next message. Never ends by itself: the caller knows which message is the last, and then calls `close`. */
  next(options?: WaitOptions): Promise<ReceivedMessage>;
  /** Wants no more messages. Idempotent. */
  close(): void;
}

type Pending = {
  readonly queue: AsyncQueue<ReceivedMessage>;
  /** What is answered by one reply and is lost with its kernel; boxd itself answers for executions. */
  readonly isExecution: boolean;
  /** Every message for it comes after this number, once the box has said so. */
  after?: number | undefined;
};

/**
 * The messages of one context, over a WebSocket that may break: what was not received is asked for again, what was not
 * taken is sent again, and none runs twice. What is pushed here is pulled from the queues of the requests.
 */
export class KernelChannel {
  readonly #options: KernelChannelOptions;
  readonly #pending = new Map<string, Pending>();
  /** What the box did not say `received` for. */
  readonly #unsent = new Map<string, OutgoingMessage>();
  /** Sequence numbers and sizes that no consumer took yet, in order. */
  readonly #unread = new Map<number, number>();
  #unreadBytes = 0;
  #isPaused = false;
  #received: number | "now";
  #acknowledged = 0;
  #socket: ChannelSocket | undefined;
  #opening: Promise<void> | undefined;
  #closed: unknown;
  /** Reopens after a break even when nothing is asked: somebody listens for late output. */
  keepsOpen = false;

  constructor(options: KernelChannelOptions) {
    this.#options = options;
    this.#received = options.after ?? "now";
  }

  /** Set once the context was deleted or the channel closed. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  /** Connects, where it is not connected yet. */
  open(options: WaitOptions = {}): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    if (this.#socket !== undefined) return Promise.resolve();
    this.#opening ??= this.#dial().finally(() => {
      this.#opening = undefined;
    });
    return abortable(this.#opening, options.signal);
  }

  /** Sends a request, as soon as the channel is open; what breaks is mended. */
  request(message: OutgoingMessage, options: { readonly isExecution?: boolean } = {}): KernelRequest {
    const request = this.follow(message.id, options);
    this.send(message);
    return request;
  }

  /** Collects what answers a request that was sent before, perhaps by another process. */
  follow(messageId: string, options: { readonly isExecution?: boolean } = {}): KernelRequest {
    const queue = new AsyncQueue<ReceivedMessage>();
    this.#pending.set(messageId, { queue, isExecution: options.isExecution ?? false });
    if (this.#closed !== undefined) queue.fail(this.#closed);
    return {
      next: async (waitOptions = {}) => {
        const result = await queue.next(waitOptions);
        if (result.done === true) throw new KernelboxError("aborted", "the request was closed");
        this.#consume(result.value);
        return result.value;
      },
      close: () => this.#forget(messageId, queue),
    };
  }

  /** Sends a message that has no answers of its own. */
  send(message: OutgoingMessage): void {
    if (this.#closed !== undefined) return;
    this.#unsent.set(message.id, message);
    if (this.#socket === undefined) this.#reopen();
    else this.#socket.send(message.bytes);
  }

  /** Ends the channel: requests that wait are rejected with `reason`. */
  close(reason: KernelboxError): void {
    this.#fail(reason);
    this.#socket?.close();
    if (this.#socket !== undefined) openChannels -= 1;
    this.#socket = undefined;
  }

  async #dial(): Promise<void> {
    let pauseMs = firstPauseMs;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#dialOnce();
        return;
      } catch (error) {
        if (this.#closed !== undefined) throw this.#closed;
        const isFinal = KernelboxError.isInstance(error);
        if (isFinal && error.code === "context-not-found") this.#fail(error);
        if (isFinal || attempt === openAttempts) throw await this.#options.tunnel.failure(error);
        await pause(pauseMs);
        pauseMs *= 2;
      }
    }
  }

  async #dialOnce(): Promise<void> {
    let isOver = false;
    const socket = await ChannelSocket.open(
      this.#options.tunnel,
      { contextId: this.#options.contextId, after: this.#received },
      {
        onMessage: (message) => this.#receive(message),
        onControl: (frame) => this.#control(frame),
        onClose: (error) => {
          isOver = true;
          this.#broke(socket, error);
        },
      },
    );
    if (this.#closed !== undefined) {
      socket.close();
      throw this.#closed;
    }
    if (isOver) throw new Error("the channel broke while it was opened");
    this.#socket = socket;
    openChannels += 1;
    this.#isPaused = false;
    this.#regulate();
    for (const message of this.#unsent.values()) socket.send(message.bytes);
  }

  #broke(socket: ChannelSocket | undefined, error: Error): void {
    if (this.#socket !== socket) return;
    if (socket !== undefined) openChannels -= 1;
    this.#socket = undefined;
    if (this.#closed !== undefined) return;
    this.#options.logger.debug("a channel broke", { contextId: this.#options.contextId, error: String(error) });
    if (this.#pending.size > 0 || this.keepsOpen) this.#reopen();
  }

  #reopen(): void {
    this.open().catch((failure: unknown) => this.#failPending(failure, () => true));
  }

  #receive(message: ReceivedMessage): void {
    if (this.#received !== "now" && message.sequence <= this.#received) return;
    this.#received = message.sequence;
    const state = executionStateOf(message);
    if (state === "restarting" || state === "dead") this.#kernelWent(state);
    const pending = this.#pending.get(message.parentId);
    if (pending === undefined) {
      this.#options.onUnclaimed?.(message);
      this.#acknowledge();
      return;
    }
    if (!pending.queue.push(message)) {
      // It failed already, and nobody takes what still comes for it.
      this.#acknowledge();
      return;
    }
    this.#unread.set(message.sequence, message.byteLength);
    this.#unreadBytes += message.byteLength;
    this.#regulate();
  }

  #control(frame: BoxControlFrame): void {
    switch (frame.type) {
      case "opened":
        if (this.#received === "now") this.#received = frame.head;
        break;
      case "received": {
        this.#unsent.delete(frame.messageId);
        const pending = this.#pending.get(frame.messageId);
        if (pending !== undefined) pending.after = frame.after;
        break;
      }
      case "gap":
        if (this.#received === "now" || this.#received < frame.to) this.#received = frame.to;
        // What was asked after the gap lost nothing by it.
        this.#failPending(
          gapError(this.#options.contextId, frame),
          (id, { after }) => !this.#unsent.has(id) && (after === undefined || after < frame.to),
        );
        break;
      case "deleted":
        this.#fail(deletedError(this.#options.contextId));
        break;
    }
  }

  /** A question that the old kernel did not answer is never answered. */
  #kernelWent(state: string): void {
    const error = new KernelboxError(
      "context-lost",
      `the kernel of context ${this.#options.contextId} is ${state}; ask again`,
      {
        details: { contextId: this.#options.contextId },
      },
    );
    this.#failPending(error, (_id, pending) => !pending.isExecution);
  }

  #failPending(error: unknown, applies: (messageId: string, pending: Pending) => boolean): void {
    for (const [messageId, pending] of this.#pending) {
      if (!applies(messageId, pending)) continue;
      pending.queue.fail(error);
      this.#unsent.delete(messageId);
    }
  }

  #fail(reason: KernelboxError): void {
    const isFirst = this.#closed === undefined;
    this.#closed ??= reason;
    this.#failPending(reason, () => true);
    if (isFirst) this.#options.onClosed?.();
  }

  #forget(messageId: string, queue: AsyncQueue<ReceivedMessage>): void {
    if (this.#pending.get(messageId)?.queue !== queue) return;
    this.#pending.delete(messageId);
    this.#unsent.delete(messageId);
    for (const message of queue.close()) this.#consume(message);
    this.#acknowledge();
  }

  #consume(message: ReceivedMessage): void {
    if (!this.#unread.delete(message.sequence)) return;
    this.#unreadBytes -= message.byteLength;
    this.#acknowledge();
    this.#regulate();
  }

  #regulate(): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    const bound = Math.max(leastUnreadBytes, Math.min(mostUnreadBytes, unreadBudgetBytes / Math.max(1, openChannels)));
    if (!this.#isPaused && this.#unreadBytes > bound) {
      this.#isPaused = true;
      socket.pause();
    } else if (this.#isPaused && this.#unreadBytes < bound / 2) {
      this.#isPaused = false;
      socket.resume();
    }
  }

  #acknowledge(): void {
    if (this.#received === "now") return;
    const [firstUnread] = this.#unread.keys();
    const consumed = firstUnread === undefined ? this.#received : firstUnread - 1;
    if (consumed - this.#acknowledged < ackEveryMessages) return;
    this.#acknowledged = consumed;
    this.#socket?.control({ type: "ack", sequence: consumed });
  }
}

function gapError(contextId: string, gap: { readonly from: number; readonly to: number }): KernelboxError {
  return new KernelboxError(
    "journal-gap",
    `messages ${gap.from} to ${gap.to} of context ${contextId} are no longer in the box's journal; the output of this execution is incomplete`,
    { details: { contextId, from: gap.from, to: gap.to } },
  );
}
