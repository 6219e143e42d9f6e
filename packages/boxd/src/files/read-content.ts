import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { once } from "node:events";
import { FailureError } from "../failure-error.ts";

const chunkBytes = 256 * 1024;

/** The header that names the file which was read. */
const pathHeader = "x-kernelbox-path";

/** Sends a file's bytes. What grows meanwhile is cut at the size that was announced; what shrinks breaks the answer off. */
export async function readContent(response: ServerResponse, path: string, target: string): Promise<void> {
  // Without O_NONBLOCK a named pipe would hold the call until somebody writes to it.
  const file = await open(target, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw new FailureError("invalid-argument", `${path} is a directory; list it instead`);
    if (!stats.isFile()) throw new FailureError("invalid-argument", `${path} is not a regular file`);
    const headers = { "content-type": "application/octet-stream", [pathHeader]: encodeURIComponent(path) };
    // Files of /proc and /sys say 0 and have content all the same: those go out without a length.
    const first = stats.size === 0 ? await readChunk(file, chunkBytes) : undefined;
    const isUnsized = first !== undefined && first.length > 0;
    response.writeHead(200, isUnsized ? headers : { ...headers, "content-length": stats.size });
    const sent = await sendChunks(response, file, first, isUnsized ? Infinity : stats.size);
    if (response.destroyed) return;
    if (!isUnsized && sent < stats.size) response.destroy();
    else response.end();
  } finally {
    await file.close();
  }
}

async function sendChunks(
  response: ServerResponse,
  file: FileHandle,
  first: Buffer | undefined,
  size: number,
): Promise<number> {
  let sent = 0;
  let chunk = first ?? (await readChunk(file, Math.min(chunkBytes, size)));
  while (chunk.length > 0 && !response.destroyed) {
    sent += chunk.length;
    if (!response.write(chunk)) await drained(response);
    if (sent >= size) break;
    chunk = await readChunk(file, Math.min(chunkBytes, size - sent));
  }
  return sent;
}

async function readChunk(file: FileHandle, length: number): Promise<Buffer> {
  // Pages that are not written yet need no zeroes: only what was read is passed on.
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, null);
  return buffer.subarray(0, bytesRead);
}

/** Waits until the client took what was written, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const stop = new AbortController();
  try {
    const { signal } = stop;
    await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  } finally {
    stop.abort();
  }
}
