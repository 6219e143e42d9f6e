import { type BoxExit, exitReasonFromCode } from "@kernelbox/core";
import { modifiedAtIfThere, readTextIfThere } from "./box-record.ts";
import type { BoxPlaces } from "./registry.ts";

const lastWordsCharacters = 4000;

/** Why a box whose process is gone has ended. */
export async function exitOf(places: BoxPlaces): Promise<BoxExit> {
  // Only stopping removes the record of a box that somebody may still watch.
  const wasAsked =
    (await modifiedAtIfThere(places.stopping)) !== undefined || (await modifiedAtIfThere(places.record)) === undefined;
  if (wasAsked) return { reason: "stopped", exitCode: 0 };
  const code = await readTextIfThere(places.exit);
  const lastWords = await lastWordsOf(places);
  const said = lastWords === undefined ? {} : { lastWords };
  // No code: the supervising shell was killed too.
  if (code === undefined) return { reason: "crashed", ...said };
  const exitCode = Number(code.trim());
  return { reason: exitReasonFromCode(exitCode), exitCode, ...said };
}

/** The end of what boxd and bubblewrap printed. */
export async function lastWordsOf(places: BoxPlaces): Promise<string | undefined> {
  const text = (await readTextIfThere(places.log))?.trim().slice(-lastWordsCharacters);
  return text === "" ? undefined : text;
}
