import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { AbortError } from "@kernelbox/core";
import { hasCode, modifiedAtIfThere } from "./box-record.ts";
import { isAlive, type ProcessIdentity, processIdentity } from "./process-identity.ts";

const lookAgainMs = 500;
/** The moment between making the directory and saying who made it. */
const anonymousMs = 5000;

/** Runs the work while this process holds the directory as a lock; waits for a living holder, takes over from a dead one. */
export async function withDirectoryLock(
  directory: string,
  options: { readonly onProgress?: (line: string) => void; readonly signal?: AbortSignal },
  work: () => Promise<void>,
): Promise<void> {
  let told = false;
  while (!(await take(directory))) {
    if (options.signal?.aborted === true) throw new AbortError(options.signal.reason);
    if (await isAbandoned(directory)) {
      await rm(directory, { recursive: true, force: true });
      continue;
    }
    if (!told) options.onProgress?.("Waiting for another process that is making the same environment");
    told = true;
    await delay(lookAgainMs);
  }
  try {
    await work();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function take(directory: string): Promise<boolean> {
  try {
    await mkdir(directory);
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
  await writeFile(join(directory, "holder"), JSON.stringify(await processIdentity(process.pid)));
  return true;
}

async function isAbandoned(directory: string): Promise<boolean> {
  try {
    return !(await isAlive(JSON.parse(await readFile(join(directory, "holder"), "utf8")) as ProcessIdentity));
  } catch {
    // No holder is written yet, or it is half written: abandoned only when that lasts.
    const madeAt = await modifiedAtIfThere(directory);
    return madeAt !== undefined && Date.now() - madeAt > anonymousMs;
  }
}
