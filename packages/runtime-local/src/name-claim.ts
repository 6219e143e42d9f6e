import { randomUUID } from "node:crypto";
import { link, mkdir, readdir, rename, rm, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NameTakenError } from "@kernelbox/core";
import { hasCode, isMissing, modifiedAtIfThere, readRecord, readTextIfThere, stateOf } from "./box-record.ts";
import { boxPlaces } from "./registry.ts";

/** Long after any claim that was under way when a name's box ended. */
const forgottenAfterMs = 3_600_000;

/**
 * Gives the name to the box, or fails with a `NameTakenError`.
 *
 * A name is a directory of numbered claims; the highest one counts. A dead box's claim is never taken away, only outbid
 * by the next number, which `link` gives to exactly one process: so there is no moment at which two can win.
 * The box's record has to be there before.
 */
export async function claimName(registry: string, name: string, boxId: string): Promise<void> {
  const directory = join(registry, "names", name);
  const draft = join(registry, "names", `.${randomUUID()}`);
  await mkdir(join(registry, "names"), { recursive: true, mode: 0o700 });
  await writeFile(draft, boxId, { mode: 0o600 });
  try {
    for (;;) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const highest = await highestClaim(directory);
      await refuseIfLiving(registry, join(directory, String(highest)));
      const claim = join(directory, String(highest + 1));
      if ((await linked(draft, claim)) && (await readTextIfThere(claim)) === boxId) {
        await removeOutbid(directory, highest);
        return;
      }
    }
  } finally {
    await unlink(draft);
  }
}

/** Removes the directories of names whose last box ended long ago. */
export async function forgetOldNames(registry: string): Promise<void> {
  const root = join(registry, "names");
  for (const name of await entries(root)) {
    const directory = join(root, name);
    const modifiedAt = await modifiedAtIfThere(directory);
    if (modifiedAt === undefined || Date.now() - modifiedAt < forgottenAfterMs) continue;
    if (!name.startsWith(".") && (await livingOwner(registry, directory))) continue;
    // Renamed first, so that a claim made meanwhile finds no directory and starts again.
    const doomed = join(root, `.${randomUUID()}`);
    try {
      await rename(directory, doomed);
    } catch (error) {
      if (isMissing(error)) continue;
      throw error;
    }
    await rm(doomed, { recursive: true, force: true });
  }
}

async function livingOwner(registry: string, directory: string): Promise<boolean> {
  try {
    await refuseIfLiving(registry, join(directory, String(await highestClaim(directory))));
    return false;
  } catch (error) {
    if (error instanceof NameTakenError) return true;
    throw error;
  }
}

async function refuseIfLiving(registry: string, claim: string): Promise<void> {
  const owner = await readTextIfThere(claim);
  if (owner === undefined) return;
  const record = await readRecord(boxPlaces(registry, owner).directory);
  if (record === undefined || (await stateOf(record)) === "ended") return;
  throw new NameTakenError(record.info);
}

async function highestClaim(directory: string): Promise<number> {
  return Math.max(0, ...(await entries(directory)).map(Number).filter(Number.isInteger));
}

async function removeOutbid(directory: string, upTo: number): Promise<void> {
  const outbid = (await entries(directory)).filter((entry) => Number(entry) <= upTo);
  await Promise.all(outbid.map((entry) => rm(join(directory, entry), { force: true })));
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST") || isMissing(error)) return false;
    throw error;
  }
}

async function entries(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
