import { readFileSync, readdirSync } from "node:fs";
import { boxMarkVariable } from "@kernelbox/protocol";
import { listDescendants, readProcFile } from "../kernels/process-tree.ts";

/** A living process of the box. */
export type MarkedProcess = { readonly pid: number; readonly groupId: number };

/**
 * All living processes of a box, by the mark in their environment, with their descendants; without boxd and those that
 * started it. They are found wherever they went: daemons with a session of their own included. Linux only; elsewhere none.
 */
export function listMarkedProcesses(boxId: string): readonly MarkedProcess[] {
  if (process.platform !== "linux") return [];
  const mark = Buffer.from(`\0${boxMarkVariable}=${boxId}\0`);
  const excluded = new Set([process.pid, ...listAncestors(process.pid)]);
  const pids = new Set<number>();
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || excluded.has(pid) || !isMarked(pid, mark)) continue;
    pids.add(pid);
    // A process that wrote over its environment (to change its title, say) is found through its parent.
    for (const descendant of listDescendants(pid)) pids.add(descendant);
  }
  return [...pids].flatMap((pid) => {
    const state = readState(pid);
    return state === undefined || state.isDead || excluded.has(pid) ? [] : [{ pid, groupId: state.groupId }];
  });
}

function isMarked(pid: number, mark: Buffer): boolean {
  try {
    return Buffer.concat([Buffer.of(0), readFileSync(`/proc/${pid}/environ`)]).includes(mark);
  } catch {
    // Gone by now, or another user's: not one of ours.
    return false;
  }
}

function listAncestors(pid: number): readonly number[] {
  const found: number[] = [];
  for (let next = readState(pid)?.parentId ?? 0; next > 0 && !found.includes(next);) {
    found.push(next);
    next = readState(next)?.parentId ?? 0;
  }
  return found;
}

function readState(pid: number): { parentId: number; groupId: number; isDead: boolean } | undefined {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // The command's name may hold spaces and brackets; the fields come after the last bracket.
  const [state, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { parentId: Number(parent), groupId: Number(group), isDead: state === "Z" || state === "X" };
}
