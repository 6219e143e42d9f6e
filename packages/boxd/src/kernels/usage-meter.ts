import { writeFileSync } from "node:fs";
import { uptime } from "node:os";
import type { ExecutionUsage } from "@kernelbox/protocol";
import { listDescendants, readPeakMemory, readProcessTimes, readProportionalMemory } from "./process-tree.ts";

const firstSampleMs = 50;
const sampleMs = 100;

/** Measures one execution. */
export interface UsageMeter {
  /** Ends the measurement. Calling it again gives the same numbers. */
  stop(): ExecutionUsage;
}

/**
 * Starts to measure what the process tree under `pid` uses. A short cell costs three small reads of /proc; child
 * processes are looked for only every 100 ms, so those that live shorter count through their parent's CPU time alone.
 */
export function startUsageMeter(pid: number | undefined): UsageMeter {
  const startedMs = performance.now();
  const known = pid !== undefined && process.platform === "linux";
  const cpuAtStart = known ? readProcessTimes(pid)?.cpuMs : undefined;
  const systemMs = uptime() * 1000;
  // What children of earlier cells that still run had used when they were first seen.
  const usedBefore = new Map<number, number>();
  const exactPeak = known && resetPeakMemory(pid);
  let cpuMs = 0;
  let peakBytes: number | undefined;
  let usage: ExecutionUsage | undefined;

  const sample = (descendants: readonly number[]): void => {
    if (!known || cpuAtStart === undefined) return;
    const own = readProcessTimes(pid);
    if (own === undefined) return;
    let total = own.cpuMs - cpuAtStart;
    for (const child of descendants) {
      const times = readProcessTimes(child);
      if (!times) continue;
      if (!usedBefore.has(child)) usedBefore.set(child, times.startedMs < systemMs - 20 ? times.cpuMs : 0);
      total += times.cpuMs - (usedBefore.get(child) ?? 0);
    }
    cpuMs = Math.max(cpuMs, total);
    let memory = 0;
    if (descendants.length > 0) {
      for (const member of [pid, ...descendants]) memory += readProportionalMemory(member) ?? 0;
    }
    const ownPeak = exactPeak ? readPeakMemory(pid) : readProportionalMemory(pid);
    peakBytes = Math.max(peakBytes ?? 0, memory, ownPeak ?? 0);
  };

  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    sample(known ? listDescendants(pid) : []);
    timer = setTimeout(tick, sampleMs);
  };
  timer = setTimeout(tick, firstSampleMs);

  return {
    stop: () => {
      if (usage) return usage;
      clearTimeout(timer);
      const wallMs = performance.now() - startedMs;
      sample(known && wallMs > firstSampleMs ? listDescendants(pid) : []);
      const unknown = cpuAtStart === undefined;
      usage = { wallMs, cpuMs: unknown ? null : cpuMs, peakMemoryBytes: unknown ? null : (peakBytes ?? null) };
      return usage;
    },
  };
}

/** Makes the kernel's VmHWM count from now on. False where the system does not let us. */
function resetPeakMemory(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, "5");
    return true;
  } catch {
    // Not every sandbox has this file (gVisor); then the peak is the largest sample.
    return false;
  }
}
