import { Readable } from "node:stream";
import mime from "mime";
import type { Dispatcher } from "undici";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import type { BoxClient } from "../tunnel/box-client.ts";

/** How `readFile` gives the content. */
export type FileEncoding = "utf8" | "bytes" | "base64" | "stream";

/** The type of a file's content, by encoding. */
export type FileContent<E extends FileEncoding> = E extends "bytes"
  ? Uint8Array
  : E extends "stream"
    ? Readable
    : string;

/** Options of `sandbox.readFile`. */
export type ReadFileOptions<E extends FileEncoding = "utf8"> = WaitOptions & {
  /** @default "utf8" */
  readonly encoding?: E | undefined;
};

/** A file that was read. */
export type ReadFileResult<E extends FileEncoding = "utf8"> = {
  /** Absolute. */
  readonly path: string;
  readonly content: FileContent<E>;
  /** Bytes. */
  readonly size: number;
  /** By the file's name; `application/octet-stream` where the name says nothing. */
  readonly mimeType: string;
};

/** Reads a file of the box. A stream has to be read to its end or destroyed. */
export async function readFile<E extends FileEncoding>(
  client: BoxClient,
  path: string,
  options: ReadFileOptions<E>,
): Promise<ReadFileResult<E>> {
  const { encoding = "utf8", signal } = options;
  const response = await client.send("GET", "/kernelbox/files/content", { query: { path }, signal });
  const absolutePath = pathFromHeaders(response, path);
  const description = { path: absolutePath, mimeType: mime.getType(absolutePath) ?? "application/octet-stream" };
  if (encoding === "stream") {
    const size = Number(response.headers["content-length"] ?? 0);
    const content = Readable.from(bytesOf(client, response, signal), { objectMode: false });
    return { ...description, size, content: content as FileContent<E> };
  }
  const chunks: Buffer[] = [];
  for await (const chunk of bytesOf(client, response, signal)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const content =
    encoding === "bytes" ? new Uint8Array(bytes) : bytes.toString(encoding === "base64" ? "base64" : "utf8");
  return { ...description, size: bytes.length, content: content as FileContent<E> };
}

/** The body's chunks; a break is told as what it is. */
async function* bytesOf(
  client: BoxClient,
  response: Dispatcher.ResponseData,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer, void> {
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw await client.failure(error, signal);
  }
}

function pathFromHeaders(response: Dispatcher.ResponseData, asked: string): string {
  const header = response.headers["x-kernelbox-path"];
  if (typeof header !== "string") return asked;
  try {
    return decodeURIComponent(header);
  } catch (error) {
    throw new KernelboxError("protocol-error", `boxd named the file ${asked} in a wrong way`, { cause: error });
  }
}
