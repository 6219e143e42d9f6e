import { readFileSync, readdirSync } from "node:fs";

/** A process of this machine; those of containers are among them. */
export type HostProcess = { readonly pid: number; readonly command: string };

/** The processes whose environment has this mark in it. */
export function processesWith(mark: string): readonly HostProcess[] {
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && readText(`/proc/${entry}/environ`).includes(mark))
    .map((entry) => ({ pid: Number(entry), command: readText(`/proc/${entry}/cmdline`).replaceAll("\0", " ").trim() }));
}

/** Memory in MB: what the process shares with nobody, and with its share of what it has in common. */
export function memoryOf(pid: number): { readonly privateMb: number; readonly proportionalMb: number } {
  const text = readText(`/proc/${pid}/smaps_rollup`);
  const sum = (field: RegExp): number =>
    [...text.matchAll(field)].reduce((total, match) => total + Number(match[1]) / 1000, 0);
  return { privateMb: sum(/^Private_\w+:\s+(\d+) kB$/gm), proportionalMb: sum(/^Pss:\s+(\d+) kB$/gm) };
}

/** What all processes with the mark in their environment hold, in MB: each page divided by the processes that share it. */
export function memoryOfAll(mark: string): number {
  return processesWith(mark).reduce((sum, { pid }) => sum + memoryOf(pid).proportionalMb, 0);
}

/** How many files the process has open. */
export function descriptorsOf(pid: number | "self"): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0; // ended, or somebody else's
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // ended, or somebody else's
  }
}
