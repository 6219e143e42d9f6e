import type { Message, Request } from "./wire.ts";

type StreamName = "stdout" | "stderr";
type Pending = { readonly stream: StreamName; readonly parent: Request; readonly pieces: string[]; length: number };

/** The first text after a pause leaves at once; what follows within this time goes together. */
const gatherMs = 8;
const longestText = 256 * 1024;

/**
 * Publishes in order, and puts text that follows closely into one message: a message for each of 100,000 lines costs
 * clients more than the lines themselves.
 */
export class OutputBuffer {
  readonly #publish: (message: Message) => void;
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;
  #lastSentMs = 0;

  constructor(publish: (message: Message) => void) {
    this.#publish = publish;
  }

  /** Text of a cell. */
  write(parent: Request, stream: StreamName, text: string): void {
    if (text === "") return;
    if (this.#pending?.stream !== stream || this.#pending.parent !== parent) this.flush();
    this.#pending ??= { stream, parent, pieces: [], length: 0 };
    this.#pending.pieces.push(text);
    this.#pending.length += text.length;
    const sinceMs = performance.now() - this.#lastSentMs;
    if (sinceMs >= gatherMs || this.#pending.length >= longestText) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gatherMs - sinceMs);
  }

  /** Anything else than text, after all text that came before. */
  publish(message: Message): void {
    this.flush();
    this.#publish(message);
  }

  /** Sends what was gathered. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    this.#lastSentMs = performance.now();
    const text = pending.pieces.length === 1 ? pending.pieces[0] : pending.pieces.join("");
    this.#publish({ type: "stream", content: { name: pending.stream, text }, parent: pending.parent });
  }
}
