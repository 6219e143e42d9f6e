import { join } from "node:path";
import type { BoxUsage } from "@kernelbox/protocol";
import { readProcFile } from "../kernels/process-tree.ts";

/** Values from here on mean "no limit" in cgroup v1, which has no word for it. */
const noLimit = 2 ** 60;

/** What a cgroup says about the box; absent where boxd is not in one of its own. */
export type CgroupUsage = Pick<BoxUsage, "cpu" | "memoryBytes" | "pids">;

/** Reads the box's own cgroup, version 2 or 1. Only a container gives boxd one: there it is the first process or the init's child. */
export function readCgroupUsage(): CgroupUsage | undefined {
  if (process.platform !== "linux" || !isContainersMain()) return undefined;
  const memberships = (readProcFile("/proc/self/cgroup") ?? "").trim().split("\n");
  const unified = memberships.find((line) => line.startsWith("0::"))?.slice(3);
  const v2 = unified === undefined ? undefined : findDirectory("/sys/fs/cgroup", unified, "memory.current");
  return v2 === undefined ? readVersion1(memberships) : readVersion2(v2);
}

/** On a machine of many, boxd's cgroup also holds others, and its numbers would be theirs. */
function isContainersMain(): boolean {
  if (process.pid === 1) return true;
  return process.ppid === 1 && (readProcFile("/proc/1/environ") ?? "").includes("KERNELBOX_BOXD=");
}

function readVersion2(directory: string): CgroupUsage | undefined {
  const read = (name: string): string | undefined => readProcFile(join(directory, name));
  const memory = numberFrom(read("memory.current"));
  if (memory === undefined) return undefined;
  const [quota, period] = (read("cpu.max") ?? "").trim().split(" ");
  const microseconds = fieldOf(read("cpu.stat"), "usage_usec");
  return {
    cpu: amount(
      microseconds === undefined ? undefined : microseconds / 1000,
      ratio(numberFrom(quota), numberFrom(period)),
    ),
    memoryBytes: amount(memory - (fieldOf(read("memory.stat"), "inactive_file") ?? 0), numberFrom(read("memory.max"))),
    pids: amount(numberFrom(read("pids.current")), numberFrom(read("pids.max"))),
  };
}

function readVersion1(memberships: readonly string[]): CgroupUsage | undefined {
  const reader = (controller: string, probe: string): ((name: string) => string | undefined) => {
    const line = memberships.find((entry) => entry.split(":")[1]?.split(",").includes(controller));
    const path = line?.split(":").slice(2).join(":") ?? "/";
    const directory = findDirectory(`/sys/fs/cgroup/${controller}`, path, probe);
    return (name) => (directory === undefined ? undefined : readProcFile(join(directory, name)));
  };
  const memory = reader("memory", "memory.usage_in_bytes");
  const used = numberFrom(memory("memory.usage_in_bytes"));
  if (used === undefined) return undefined;
  const nanoseconds = numberFrom(reader("cpuacct", "cpuacct.usage")("cpuacct.usage"));
  const cpu = reader("cpu", "cpu.cfs_quota_us");
  const pids = reader("pids", "pids.current");
  return {
    cpu: amount(
      nanoseconds === undefined ? undefined : nanoseconds / 1e6,
      ratio(numberFrom(cpu("cpu.cfs_quota_us")), numberFrom(cpu("cpu.cfs_period_us"))),
    ),
    memoryBytes: amount(
      used - (fieldOf(memory("memory.stat"), "total_inactive_file") ?? 0),
      numberFrom(memory("memory.limit_in_bytes")),
    ),
    pids: amount(numberFrom(pids("pids.current")), numberFrom(pids("pids.max"))),
  };
}

/** With a cgroup namespace the path counts from the mount; without one the container sees its own cgroup at the mount. */
function findDirectory(mount: string, path: string, probe: string): string | undefined {
  return [join(mount, path), mount].find((directory) => readProcFile(join(directory, probe)) !== undefined);
}

function amount(used: number | undefined, limit: number | undefined): BoxUsage["cpu"] {
  const isLimited = limit !== undefined && limit > 0 && limit < noLimit;
  const reason = used === undefined ? "the system does not tell" : isLimited ? undefined : "there is no limit";
  return { used: used ?? null, limit: isLimited ? limit : null, ...(reason !== undefined && { reason }) };
}

function ratio(quota: number | undefined, period: number | undefined): number | undefined {
  return quota === undefined || period === undefined || quota <= 0 || period <= 0 ? undefined : quota / period;
}

function numberFrom(text: string | undefined): number | undefined {
  const digits = text?.trim();
  return digits !== undefined && /^-?\d+$/.test(digits) ? Number(digits) : undefined;
}

function fieldOf(text: string | undefined, name: string): number | undefined {
  const line = text?.split("\n").find((entry) => entry.startsWith(`${name} `));
  return numberFrom(line?.slice(name.length + 1));
}
