type Frames = (Buffer | string)[];

/**
 * Sends messages in order, one at a time: ZeroMQ's binding takes most of them at once, but every few hundred it waits for
 * the socket, and refuses a second one meanwhile.
 */
export class SendQueue {
  readonly #send: (frames: Frames) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #waiting: Frames[] = [];
  #isSending = false;

  constructor(send: (frames: Frames) => Promise<void>, onError: (error: unknown) => void) {
    this.#send = send;
    this.#onError = onError;
  }

  /** Sends now, or when what came before is sent. */
  push(frames: Frames): void {
    this.#waiting.push(frames);
    if (!this.#isSending) void this.#pump();
  }

  /** Resolves when everything was given to ZeroMQ. */
  async drained(): Promise<void> {
    while (this.#isSending) await new Promise((resolve) => setImmediate(resolve));
  }

  async #pump(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        for (const frames of batch) await this.#send(frames);
      }
    } catch (error) {
      this.#onError(error);
    } finally {
      this.#isSending = false;
    }
  }
}
