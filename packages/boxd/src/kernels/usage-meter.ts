import { uptime } from "node:os";
import type { ExecutionUsage } from "@kernelbox/protocol";
import type { KernelVitals } from "./kernel-vitals.ts";
import { readProcessTimes, readProportionalMemory } from "./process-tree.ts";

const firstSampleMs = 50;
const sampleMs = 100;

/** Measures one execution. */
export interface UsageMeter {
  /** Ends the measurement. Calling it again gives the same numbers. */
  stop(): ExecutionUsage;
}

/**
 * Starts to measure what the process tree under a kernel uses. A short cell costs three small reads of /proc; child
 * processes are looked for only every 100 ms, so those that live shorter count through their parent's CPU time alone.
 */
export function startUsageMeter(kernel: KernelVitals | undefined): UsageMeter {
  const startedMs = performance.now();
  const cpuAtStart = kernel?.times()?.cpuMs;
  // What children of earlier cells that still run had used when they were first seen.
  const usedBefore = new Map<number, number>();
  const exactPeak = cpuAtStart !== undefined && kernel?.resetPeakMemory() === true;
  let cpuMs = 0;
  let peakBytes: number | undefined;
  let usage: ExecutionUsage | undefined;

  const sample = (descendants: readonly number[]): void => {
    const own = kernel?.times();
    if (kernel === undefined || cpuAtStart === undefined || own === undefined) return;
    let total = own.cpuMs - cpuAtStart;
    const startedAtUptimeMs = descendants.length > 0 ? uptime() * 1000 - (performance.now() - startedMs) : 0;
    for (const child of descendants) {
      const times = readProcessTimes(child);
      if (!times) continue;
      if (!usedBefore.has(child)) usedBefore.set(child, times.startedMs < startedAtUptimeMs - 20 ? times.cpuMs : 0);
      total += times.cpuMs - (usedBefore.get(child) ?? 0);
    }
    cpuMs = Math.max(cpuMs, total);
    let memory = 0;
    if (descendants.length > 0) {
      for (const member of [kernel.pid, ...descendants]) memory += readProportionalMemory(member) ?? 0;
    }
    const ownPeak = exactPeak ? kernel.peakMemory() : readProportionalMemory(kernel.pid);
    peakBytes = Math.max(peakBytes ?? 0, memory, ownPeak ?? 0);
  };

  const childrenNow = (): readonly number[] =>
    kernel === undefined || cpuAtStart === undefined ? [] : kernel.descendants();
  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    sample(childrenNow());
    timer = setTimeout(tick, sampleMs);
  };
  timer = setTimeout(tick, firstSampleMs);

  return {
    stop: () => {
      if (usage) return usage;
      clearTimeout(timer);
      const wallMs = performance.now() - startedMs;
      sample(wallMs > firstSampleMs ? childrenNow() : []);
      const unknown = cpuAtStart === undefined;
      usage = { wallMs, cpuMs: unknown ? null : cpuMs, peakMemoryBytes: unknown ? null : (peakBytes ?? null) };
      return usage;
    },
  };
}
