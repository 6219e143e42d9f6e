import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, open, rename, stat, unlink } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { dirname, join } from "node:path";
import { FailureError } from "../failure-error.ts";

const newFileMode = 0o644;
const batchBytes = 1024 * 1024;

/**
 * Writes a request's body to a file: beside it first, then renamed over it, so that readers see the old or the new
 * whole. Parents are made. Whatever goes wrong, also a client that goes away, leaves nothing behind.
 */
export async function writeContent(request: IncomingMessage, target: string, mode: number | undefined): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const existing = await stat(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (existing?.isDirectory()) throw new FailureError("invalid-argument", `${target} is a directory`);
  const temporary = join(dirname(target), `.kernelbox-upload-${randomBytes(8).toString("hex")}`);
  const file = await open(temporary, "wx", 0o600);
  try {
    try {
      await receive(request, file);
      await file.chmod(mode ?? (existing ? existing.mode & 0o7777 : newFileMode));
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    // The first error is the one to tell; a temporary file that is gone already is what we want.
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function receive(request: IncomingMessage, file: FileHandle): Promise<void> {
  let batch: Buffer[] = [];
  let size = 0;
  const flush = async (): Promise<void> => {
    await file.appendFile(batch.length === 1 && batch[0] ? batch[0] : Buffer.concat(batch));
    batch = [];
    size = 0;
  };
  // The request must outlive an early exit of this loop: destroying it would take the connection down before the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    batch.push(chunk);
    size += chunk.length;
    if (size >= batchBytes) await flush();
  }
  if (size > 0) await flush();
  if (!request.complete) throw new Error("the client went away before the end of the file");
}
