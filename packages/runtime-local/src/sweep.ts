import { execFile } from "node:child_process";
import { readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { boxMarkVariable, KernelboxError } from "@kernelbox/core";
import { type BoxRecord, hasCode, modifiedAtIfThere, readRecord, stateOf } from "./box-record.ts";
import { forgetOldNames } from "./name-claim.ts";
import { boxDirectories } from "./registry.ts";

/** Long enough for every process that watches the box to read why it ended. */
const keptAfterEndMs = 10_000;
const killRounds = 20;

/** Removes boxes that ended by themselves a while ago, with what their code left running. */
export async function sweepEndedBoxes(registry: string): Promise<void> {
  for (const directory of await boxDirectories(registry)) {
    const record = await readRecord(directory);
    const living = record !== undefined && (await stateOf(record)) !== "ended";
    const changedAt = Math.max(
      (await modifiedAtIfThere(directory)) ?? 0,
      (await modifiedAtIfThere(join(directory, "exit"))) ?? 0,
    );
    if (!living && Date.now() - changedAt > keptAfterEndMs) await removeBox(directory, record);
  }
  await forgetOldNames(registry);
}

/** Ends what is left of a box whose supervisor has ended, and deletes its directory. */
export async function removeBox(directory: string, record: BoxRecord | undefined): Promise<void> {
  if (record?.isolation === "none") await killMarked(record.info.id);
  try {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  } catch (error) {
    if (!hasCode(error, "EACCES") && !hasCode(error, "ENOTEMPTY")) throw error;
    // Code in the box took a directory's permissions away.
    await promisify(execFile)("chmod", ["-R", "u+rwx", directory]);
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Kills every process that carries the box's mark in its environment, until there is none: a process may fork while
 * the others are being killed. Only Linux shows environments; elsewhere boxd's own sweep has to do.
 */
async function killMarked(boxId: string): Promise<void> {
  if (process.platform !== "linux") return;
  for (let round = 0; round < killRounds; round += 1) {
    const marked = await markedProcesses(boxId);
    if (marked.length === 0) return;
    for (const pid of marked) killIfThere(pid);
    await delay(20);
  }
  throw new KernelboxError(
    "box-exited",
    `processes of the box ${boxId} keep coming back: ${(await markedProcesses(boxId)).join(", ")}`,
  );
}

async function markedProcesses(boxId: string): Promise<readonly number[]> {
  const mark = `${boxMarkVariable}=${boxId}`;
  const pids = (await readdir("/proc")).map(Number).filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const found = await Promise.all(pids.map(async (pid) => ((await environmentOf(pid)).includes(mark) ? [pid] : [])));
  return found.flat();
}

/** Empty for processes that have ended (zombies too) or belong to others. */
async function environmentOf(pid: number): Promise<readonly string[]> {
  try {
    return (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0");
  } catch {
    return []; // ended, or not ours to look at
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!hasCode(error, "ESRCH")) throw error;
  }
}
