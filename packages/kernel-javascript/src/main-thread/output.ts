import { Console } from "node:console";
import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { Link } from "./link.ts";
import { currentRun } from "./run.ts";

type StreamName = "stdout" | "stderr";
type WriteCallback = (error?: Error | null) => void;

/** Puts the cells' streams in the place of `process.stdout`, `process.stderr` and `console`. */
export function replaceOutput(link: Link): void {
  const stdout = new CellStream("stdout", link);
  const stderr = new CellStream("stderr", link);
  for (const [name, value] of [
    ["stdout", stdout],
    ["stderr", stderr],
  ] as const) {
    Object.defineProperty(process, name, { value, writable: true, configurable: true, enumerable: true });
  }
  // A console of its own: the global one tells the inspector as well, which keeps what it is told.
  const userConsole = new Console({ stdout, stderr });
  Object.defineProperty(userConsole, "Console", { value: Console, writable: true, configurable: true });
  Object.defineProperty(globalThis, "console", {
    value: userConsole,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/** A standard stream of the process: what is written belongs to the run that writes it. Nothing closes it. */
class CellStream extends Writable {
  readonly fd: number;
  readonly #name: StreamName;
  readonly #sendText: Link["sendText"];
  readonly #decoder = new StringDecoder("utf8");

  constructor(name: StreamName, link: Link) {
    super({ decodeStrings: false });
    this.fd = name === "stdout" ? 1 : 2;
    this.#name = name;
    this.#sendText = link.sendText;
  }

  override _write(chunk: string | Buffer, encoding: BufferEncoding, callback: WriteCallback): void {
    const isText = typeof chunk === "string";
    const text = isText && !isBinary(encoding) ? chunk : this.#decode(isText ? Buffer.from(chunk, encoding) : chunk);
    if (text !== "") this.#sendText(currentRun().id, this.#name, text);
    callback();
  }

  /** Ending it would end it for all later cells. */
  override end(...parameters: unknown[]): this {
    const [chunk, second, third] = parameters;
    if (typeof chunk === "string" || chunk instanceof Uint8Array) {
      this.write(chunk, typeof second === "string" ? (second as BufferEncoding) : "utf8");
    }
    const callback = [chunk, second, third].find((parameter) => typeof parameter === "function");
    if (typeof callback === "function") process.nextTick(callback);
    return this;
  }

  override destroy(): this {
    return this;
  }

  /** Characters may be cut between two writes. */
  #decode(bytes: Buffer): string {
    return this.#decoder.write(bytes);
  }
}

function isBinary(encoding: string): boolean {
  return (
    encoding === "base64" ||
    encoding === "base64url" ||
    encoding === "hex" ||
    encoding === "latin1" ||
    encoding === "binary" ||
    encoding === "ucs2" ||
    encoding === "utf16le"
  );
}
