import { Duplex } from "node:stream";
import { FrameReader } from "./frame-reader.ts";

const stdout = 1;
const stderrLimit = 4000;

/**
 * An exec'd relay as one byte stream: what is written goes to its stdin, what can be read is its stdout. Both
 * directions pass pressure on. `complaint()` is what the relay said on stderr.
 */
export class RelayDuplex extends Duplex {
  readonly #stream: Duplex;
  readonly #frames = new FrameReader();
  #stderr = "";
  #hasOutput = false;

  constructor(stream: Duplex) {
    super({ allowHalfOpen: true });
    this.#stream = stream;
    stream.on("data", (chunk: Buffer) => this.#receive(chunk));
    stream.on("end", () => this.push(null));
    stream.on("error", (error: Error) => this.destroy(error));
    stream.on("close", () => {
      // Closed by the engine: an end that was read comes out first, anything else is a break.
      if (!stream.readableEnded) this.destroy(new Error("the engine closed the tunnel"));
      else if (!this.writableEnded) this.end();
    });
  }

  get hasOutput(): boolean {
    return this.#hasOutput;
  }

  complaint(): string {
    return this.#stderr.trim();
  }

  override _read(): void {
    this.#stream.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#stream.write(chunk, callback);
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    callback: (error?: Error | null) => void,
  ): void {
    this.#stream.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), callback);
  }

  override _final(callback: (error?: Error | null) => void): void {
    // Half-closes: the relay reads an end-of-file, and what boxd still sends arrives.
    this.#stream.end(() => callback());
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#stream.destroy();
    callback(error);
  }

  #receive(chunk: Buffer): void {
    for (const { channel, payload } of this.#frames.read(chunk)) {
      if (channel !== stdout) {
        this.#stderr = (this.#stderr + payload.toString("utf8")).slice(-stderrLimit);
        continue;
      }
      const isFirst = !this.#hasOutput;
      this.#hasOutput = true;
      if (!this.push(payload)) this.#stream.pause();
      if (isFirst) this.emit("output");
    }
  }
}
