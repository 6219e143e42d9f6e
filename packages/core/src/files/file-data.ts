import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { invalidArgument } from "../check-argument.ts";

/** What a file can be written from. Streams are read as they are sent. */
export type FileData = string | Uint8Array | Blob | ReadableStream<Uint8Array> | Readable;

/** The bytes to send, and whether they can be sent twice. */
export function bodyFromData(data: FileData, encoding: "utf8" | "base64"): Buffer | Uint8Array | Readable {
  if (typeof data === "string") return Buffer.from(data, encoding);
  if (encoding === "base64") throw invalidArgument('writeFile: encoding "base64" is for strings; bytes need none');
  if (data instanceof Uint8Array) return data;
  if (data instanceof Readable) return data;
  if (data instanceof Blob) return Readable.fromWeb(data.stream());
  if (isWebStream(data)) return Readable.fromWeb(data);
  throw invalidArgument("writeFile: data must be a string, Uint8Array, Blob, ReadableStream or Readable");
}

function isWebStream(value: unknown): value is ReadableStream {
  return typeof value === "object" && value !== null && "getReader" in value;
}
