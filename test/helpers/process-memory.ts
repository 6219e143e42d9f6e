import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** What a process holds for itself alone, in MB. Linux only. */
export function privateMegabytes(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const kibibytes = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].map(([, digits]) => Number(digits));
  return (kibibytes.reduce((sum, value) => sum + value, 0) * 1024) / 1e6;
}

/** The value once it has stopped growing: its maximum on the way. */
export async function settled(value: () => number): Promise<number> {
  let highest = value();
  for (let calm = 0; calm < 8; calm += 1) {
    await delay(250);
    const now = value();
    if (now > highest * 1.01) calm = 0;
    highest = Math.max(highest, now);
  }
  return highest;
}
