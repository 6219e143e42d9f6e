import type { ClientHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { Duplex } from "node:stream";

/** What a closed stream may still receive before it is reset instead of drained. */
const lingerBytes = 1024 * 1024;
const lingerMs = 2000;

/** Tells once when a stream was read far. */
export type TunnelStreamReading = { readonly muchBytes: number; readonly onMuchRead: () => void };

/**
 * One connection to the box: a CONNECT stream that looks like a socket to HTTP and WebSocket clients.
 *
 * Closing it ends our half and drains the other one. Only an abort (or a peer that goes on sending) resets it:
 * Node's HTTP/2 ends a session that saw 1,000 resets.
 */
export class TunnelStream extends Duplex {
  readonly #inner: ClientHttp2Stream;
  #isEnded = false;
  #readBytes = 0;

  constructor(inner: ClientHttp2Stream, reading: TunnelStreamReading) {
    super({ allowHalfOpen: true, highWaterMark: 64 * 1024 });
    this.#inner = inner;
    inner.on("data", (chunk: Buffer) => {
      const before = this.#readBytes;
      this.#readBytes += chunk.length;
      if (before < reading.muchBytes && this.#readBytes >= reading.muchBytes) reading.onMuchRead();
      if (!this.push(chunk)) inner.pause();
    });
    inner.once("end", () => {
      this.#isEnded = true;
      this.push(null);
    });
    inner.on("error", (error) => this.destroy(error));
    inner.once("close", () => {
      if (!this.#isEnded) this.destroy(new Error("the stream to the box closed before its end"));
    });
  }

  override _read(): void {
    this.#inner.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#inner.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#inner.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#inner.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (error === null) linger(this.#inner);
    else reset(this.#inner);
    done(error);
  }

  // What HTTP and WebSocket clients call on a socket. HTTP/2 has no delay to switch off, and the tunnel keeps itself alive.
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }
}

function reset(stream: ClientHttp2Stream): void {
  if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL);
}

function linger(stream: ClientHttp2Stream): void {
  if (stream.closed || stream.destroyed) return;
  let left = lingerBytes;
  const timer = setTimeout(() => reset(stream), lingerMs);
  timer.unref();
  stream.removeAllListeners("data");
  stream.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) reset(stream);
  });
  stream.once("close", () => clearTimeout(timer));
  stream.resume();
  if (!stream.writableEnded) stream.end();
}
