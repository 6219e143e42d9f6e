import { stat, statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { BoxUsage, BoxdConfig } from "@kernelbox/protocol";
import { readProcessTimes, readProportionalMemory } from "../kernels/process-tree.ts";
import { listMarkedProcesses } from "../lifecycle/marked-processes.ts";
import { type CgroupUsage, readCgroupUsage } from "./cgroup.ts";

type Amount = BoxUsage["cpu"];

/** Says what the box uses and may use, from its cgroup where it has one, else from its processes. */
export async function readBoxUsage(config: Pick<BoxdConfig, "boxId" | "workdir" | "limits">): Promise<BoxUsage> {
  const { limits } = config;
  const measured = readCgroupUsage() ?? sumProcesses(config.boxId);
  return {
    cpu: withLimit(measured.cpu, limits.cpus),
    memoryBytes: withLimit(measured.memoryBytes, limits.memoryBytes),
    diskBytes: await readDisk(config.workdir, limits.diskBytes),
    pids: withLimit(measured.pids, limits.pids),
  };
}

/** Commands and kernels that have ended count no more here: only a cgroup remembers them. */
function sumProcesses(boxId: string): CgroupUsage {
  if (process.platform !== "linux") {
    const unknown: Amount = { used: null, limit: null, reason: `${process.platform} does not tell` };
    return { cpu: unknown, memoryBytes: unknown, pids: unknown };
  }
  const pids = [process.pid, ...listMarkedProcesses(boxId).map(({ pid }) => pid)];
  const reason = "there is no limit";
  let cpuMs = 0;
  let memoryBytes = 0;
  for (const pid of pids) {
    cpuMs += readProcessTimes(pid)?.cpuMs ?? 0;
    memoryBytes += readProportionalMemory(pid) ?? 0;
  }
  return {
    cpu: { used: cpuMs, limit: null, reason },
    memoryBytes: { used: memoryBytes, limit: null, reason },
    pids: { used: pids.length, limit: null, reason },
  };
}

function withLimit(measured: Amount, configured: number | undefined): Amount {
  if (measured.limit !== null || configured === undefined) return measured;
  return measured.used === null ? { ...measured, limit: configured } : { used: measured.used, limit: configured };
}

async function readDisk(workdir: string, configured: number | undefined): Promise<Amount> {
  const path = resolve(workdir);
  const [own, parent] = await Promise.all([stat(path), stat(dirname(path))]);
  if (own.dev === parent.dev) {
    const reason = "the working directory shares its disk with others";
    return { used: null, limit: configured ?? null, reason };
  }
  const { blocks, bfree, bsize } = await statfs(path);
  return { used: (blocks - bfree) * bsize, limit: blocks * bsize };
}
