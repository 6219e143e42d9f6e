import { readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BoxInfo, Limits } from "@kernelbox/core";
import { isAlive, type ProcessIdentity } from "./process-identity.ts";

/** `box.json`: what every process of this user can know of a box. */
export type BoxRecord = {
  readonly info: BoxInfo;
  readonly limits: Limits;
  readonly isolation: "bubblewrap" | "none";
  /** Who makes the box; the box is being made while this lives and `process` is missing. */
  readonly creator: ProcessIdentity;
  /** The shell that supervises boxd; the box lives while this lives. */
  readonly process?: ProcessIdentity;
};

export async function writeRecord(directory: string, record: BoxRecord): Promise<void> {
  const path = join(directory, "box.json");
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, JSON.stringify(record), { mode: 0o600 });
  await rename(fresh, path);
}

/** `undefined` where there is none (yet, or any more). */
export async function readRecord(directory: string): Promise<BoxRecord | undefined> {
  const text = await readTextIfThere(join(directory, "box.json"));
  // Only this user can write the registry, and records are renamed into place whole.
  return text === undefined ? undefined : (JSON.parse(text) as BoxRecord);
}

/** `starting` while its creator lives and no boxd runs yet. */
export async function stateOf(record: BoxRecord): Promise<"starting" | "running" | "ended"> {
  if (record.process !== undefined) return (await isAlive(record.process)) ? "running" : "ended";
  return (await isAlive(record.creator)) ? "starting" : "ended";
}

export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function modifiedAtIfThere(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR");
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
