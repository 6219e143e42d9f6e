import { type ClientHttp2Stream, type ServerHttp2Stream, constants } from "node:http2";
import { Duplex } from "node:stream";

/**
 * A CONNECT stream as the socket of an HTTP/1.1 server or client. Node's own stream will not do: HTTP/1.1 writes its headers as
 * strings, and an HTTP/2 stream sends the bytes of corked strings after their memory was freed (seen in Node 20). Here
 * they become buffers first. Ending is passed on as half-close; only a destroyed socket resets its stream.
 */
export class StreamSocket extends Duplex {
  readonly #stream: ServerHttp2Stream | ClientHttp2Stream;

  constructor(stream: ServerHttp2Stream | ClientHttp2Stream) {
    super({ allowHalfOpen: true });
    this.#stream = stream;
    stream.pause();
    stream.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) stream.pause();
    });
    stream.once("end", () => this.push(null));
    stream.once("error", (error) => this.destroy(error));
    stream.once("aborted", () => this.destroy());
    stream.once("close", () => this.destroy());
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#stream.write(chunk, done);
  }

  override _writev(chunks: { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#stream.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#stream.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const endedBothWays = this.readableEnded && this.writableFinished;
    if (!endedBothWays && !this.#stream.closed) this.#stream.close(constants.NGHTTP2_CANCEL);
    done(error);
  }

  /** The tunnel's pings find a dead peer, so that a stream needs no timeout of its own. */
  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}
