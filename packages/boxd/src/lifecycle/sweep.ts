import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log.ts";
import { listMarkedProcesses } from "./marked-processes.ts";

const politeMs = 1_000;
const certainMs = 2_000;
const lookAgainMs = 20;

/** Ends every process that carries the box's mark: asks with SIGTERM, then kills. Takes 3 s at most. */
export async function sweepProcesses(boxId: string, log: Log): Promise<void> {
  if (await endAll(boxId, "SIGTERM", politeMs)) return;
  if (await endAll(boxId, "SIGKILL", certainMs)) return;
  const left = listMarkedProcesses(boxId).map(({ pid }) => pid);
  if (left.length > 0) log("processes of the box are left behind", { pids: left });
}

async function endAll(boxId: string, signal: "SIGTERM" | "SIGKILL", limitMs: number): Promise<boolean> {
  const signalled = new Set<number>();
  const deadline = performance.now() + limitMs;
  for (;;) {
    const living = listMarkedProcesses(boxId);
    if (living.length === 0) return true;
    for (const { pid } of living) {
      // Asked once, killed as often as it is seen: a fork may slip in between two looks.
      if (signal === "SIGTERM" && signalled.has(pid)) continue;
      signalled.add(pid);
      trySignal(pid, signal);
    }
    if (performance.now() >= deadline) return false;
    await delay(lookAgainMs);
  }
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal.
    return;
  }
}
