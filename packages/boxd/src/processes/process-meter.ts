import { availableParallelism } from "node:os";
import type { ExecutionUsage } from "@kernelbox/protocol";
import {
  listDescendants,
  readProcessTimes,
  readPeakMemory,
  readProcFile,
  readProportionalMemory,
} from "../kernels/process-tree.ts";

const firstSampleMs = 10;
const sampleMs = 100;
/** A long-running server is looked at less often. */
const calmSampleMs = 1_000;
const calmAfterMs = 5_000;
const millisecondsPerTick = 10;

/** Measures one process and its descendants. */
export interface ProcessMeter {
  /** Call it when the process has exited, before anything else of boxd waits. */
  stop(): ExecutionUsage;
}

/**
 * Starts to measure a process tree by samples of /proc. What the last sample could not see is taken from the CPU time
 * of boxd's ended children, where that is plausible. Null where the system does not tell.
 */
export function startProcessMeter(pid: number): ProcessMeter {
  const startedMs = performance.now();
  let reapedAtSampleMs = readReapedCpuMs();
  let sampledAtMs = startedMs;
  let cpuMs = 0;
  let peakBytes: number | null = null;

  const sample = (): void => {
    reapedAtSampleMs = readReapedCpuMs();
    sampledAtMs = performance.now();
    const members = [pid, ...listDescendants(pid)];
    let cpu = 0;
    let memory = 0;
    for (const member of members) {
      cpu += readProcessTimes(member)?.cpuMs ?? 0;
      memory += readProportionalMemory(member) ?? 0;
    }
    cpuMs = Math.max(cpuMs, cpu);
    const peak = Math.max(memory, readPeakMemory(pid) ?? 0);
    if (peak > 0) peakBytes = Math.max(peakBytes ?? 0, peak);
  };

  let timer: NodeJS.Timeout | undefined;
  const tick = (): void => {
    sample();
    const isCalm = performance.now() - startedMs > calmAfterMs;
    timer = setTimeout(tick, isCalm ? calmSampleMs : sampleMs);
    timer.unref();
  };
  if (reapedAtSampleMs !== undefined) {
    timer = setTimeout(tick, firstSampleMs);
    timer.unref();
  }

  return {
    stop: () => {
      clearTimeout(timer);
      const now = performance.now();
      const reaped = readReapedCpuMs();
      const wallMs = now - startedMs;
      if (reaped === undefined || reapedAtSampleMs === undefined) return { wallMs, cpuMs: null, peakMemoryBytes: null };
      // Another child of boxd that ended meanwhile counts in this difference too: then it is more than can be.
      const total = reaped - reapedAtSampleMs;
      const most = cpuMs + (now - sampledAtMs) * availableParallelism() + 2 * millisecondsPerTick;
      return { wallMs, cpuMs: total <= most ? Math.max(total, cpuMs) : cpuMs, peakMemoryBytes: peakBytes };
    },
  };
}

/** CPU time of all children that boxd has waited for, in ms. */
function readReapedCpuMs(): number | undefined {
  const stat = readProcFile("/proc/self/stat");
  if (stat === undefined) return undefined;
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(13, 15)
    .map(Number);
  return ((user ?? 0) + (system ?? 0)) * millisecondsPerTick;
}
