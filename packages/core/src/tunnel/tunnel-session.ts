import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import type { Duplex } from "node:stream";
import { withDeadline } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { TunnelStream } from "./tunnel-stream.ts";

/** What one stream may have under way while there are few and one of them moves much: full speed, also to an engine that is far away. */
const widestWindowBytes = 2 * 1024 * 1024;
/** Before that: enough for whatever is short, and for full speed on the same machine. */
const firstWindowBytes = 64 * 1024;
const narrowestWindowBytes = 64 * 1024;
/** A stream that was read this far is worth wide windows. One that nobody reads never comes here. */
const muchBytes = 512 * 1024;
/** What streams that nobody reads may hold here together, about: Node keeps a full window of each. */
const windowBudgetBytes = 16 * 1024 * 1024;
const sessionWindowBytes = 32 * 1024 * 1024;
const pingEveryMs = 10_000;
const missesUntilGone = 3;
/** Node's HTTP/2 gives up at about 1,000. */
const resetsUntilRetired = 500;

/** One HTTP/2 session on one byte stream to boxd. It ends when the stream breaks and is never mended. */
export class TunnelSession {
  readonly #session: ClientHttp2Session;
  readonly #closed: Promise<void>;
  #resets = 0;
  #misses = 0;
  #streams = 0;
  /** Open streams that have moved much. */
  #busyStreams = 0;
  #windowBytes = firstWindowBytes;

  private constructor(session: ClientHttp2Session, duplex: Duplex) {
    this.#session = session;
    this.#closed = new Promise((resolve) => session.once("close", resolve));
    // Each stream gets the error too; without a listener it would end the process.
    session.on("error", () => undefined);
    session.on("localSettings", () => this.#fitWindows());
    session.once("close", () => duplex.destroy());
    // Node's HTTP/2 notices a Duplex that ends or fails, but not one that is closed while nothing moves on it.
    duplex.once("close", () => session.destroy(new Error("the byte stream to the box closed")));
    const timer = setInterval(() => this.#ping(), pingEveryMs);
    timer.unref();
    session.once("close", () => clearInterval(timer));
  }

  /** Speaks HTTP/2 on `duplex`, which the session owns from now on. */
  static async start(duplex: Duplex, signal: AbortSignal): Promise<TunnelSession> {
    const session = connect("http://boxd", {
      createConnection: () => duplex,
      settings: { initialWindowSize: firstWindowBytes, enablePush: false },
    });
    try {
      await withDeadline(
        () =>
          new Promise<void>((resolve, reject) => {
            const closed = (): void => reject(new Error("the tunnel closed while it was opened"));
            // Node says so, too, of a session or a byte stream that was destroyed just before.
            session.once("connect", () => (session.destroyed || duplex.destroyed ? closed() : resolve()));
            session.once("error", reject);
            session.once("close", closed);
          }),
        { signal },
      );
    } catch (error) {
      session.on("error", () => undefined);
      session.destroy();
      duplex.destroy();
      throw error;
    }
    session.setLocalWindowSize(sessionWindowBytes);
    return new TunnelSession(session, duplex);
  }

  /** False once it takes no new streams. */
  get isOpen(): boolean {
    return !this.#session.closed && !this.#session.destroyed;
  }

  /** Too many streams were reset: what runs may go on, new streams belong on a fresh session. */
  get isWornOut(): boolean {
    return this.#resets >= resetsUntilRetired;
  }

  /** Resolves when the session is over, for whatever reason. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  async openStream(authority: string, signal: AbortSignal): Promise<Duplex> {
    const stream = this.#session.request(
      { [constants.HTTP2_HEADER_METHOD]: "CONNECT", [constants.HTTP2_HEADER_AUTHORITY]: authority },
      { endStream: false },
    );
    this.#count(1);
    let isBusy = false;
    stream.once("close", () => {
      if (isBusy) this.#busyStreams -= 1;
      this.#count(-1);
      if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) this.#resets += 1;
    });
    try {
      await withDeadline(() => answered(stream, authority), { signal });
    } catch (error) {
      stream.on("error", () => undefined);
      stream.close(constants.NGHTTP2_CANCEL);
      throw error;
    }
    return new TunnelStream(stream, {
      muchBytes,
      onMuchRead: () => {
        isBusy = !stream.closed;
        if (isBusy) this.#busyStreams += 1;
        this.#fitWindows();
      },
    });
  }

  /** Takes no new streams; ends when the last one has. */
  retire(): void {
    if (this.isOpen) this.#session.close();
  }

  /** Ends the session and every stream on it now. */
  destroy(): void {
    this.#session.destroy();
  }

  #count(change: 1 | -1): void {
    this.#streams += change;
    this.#fitWindows();
  }

  /** Many streams get narrow windows, the open ones too: 150 unread ones with wide windows would hold 300 MB. */
  #fitWindows(): void {
    // Called again when the other end has taken the setting that is under way.
    if (!this.isOpen || this.#session.pendingSettingsAck) return;
    const widest = this.#busyStreams > 0 ? widestWindowBytes : firstWindowBytes;
    const fair = windowFor(this.#streams, widest);
    // Widened only once there are half as many, so that a number that swings sends no setting each time.
    const isDue = fair < this.#windowBytes || windowFor(this.#streams * 2, widest) > this.#windowBytes;
    if (!isDue) return;
    this.#windowBytes = fair;
    this.#session.settings({ initialWindowSize: fair });
  }

  #ping(): void {
    if (!this.isOpen) return;
    if (this.#misses >= missesUntilGone) {
      this.#session.destroy(new Error(`boxd did not answer ${missesUntilGone} pings`));
      return;
    }
    this.#misses += 1;
    this.#session.ping((error) => {
      if (error === null) this.#misses = 0;
    });
  }
}

/** A fair part of the budget, in steps of two, so that it seldom changes. */
function windowFor(streams: number, widest: number): number {
  let bytes = widest;
  while (bytes > narrowestWindowBytes && bytes * streams > windowBudgetBytes) bytes /= 2;
  return bytes;
}

function answered(stream: ClientHttp2Stream, authority: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once("response", (headers) => {
      const status = headers[":status"];
      if (status === 200) return resolve();
      reject(
        new KernelboxError(
          "protocol-error",
          `boxd refused a connection to ${authority} with status ${String(status)}`,
          {
            details: { authority, status },
          },
        ),
      );
    });
    stream.once("error", reject);
    stream.once("close", () => reject(new Error("the tunnel closed while a stream was opened")));
  });
}
