import { join } from "node:path";
import { ProcFile } from "./proc-file.ts";
import { readProcFile } from "./process-tree.ts";

/** Where the kernel of the operating system counts the processes that it killed for memory in our group. */
const counterFiles: readonly ProcFile[] = findCounterFiles()
  .filter((path) => readProcFile(path)?.includes("oom_kill "))
  .map((path) => new ProcFile(path));

/** How many processes of this box were killed for memory so far; 0 where the system does not tell. */
export function countMemoryKills(): number {
  for (const file of counterFiles) {
    const line = file
      .read()
      ?.split("\n")
      .find((candidate) => candidate.startsWith("oom_kill "));
    if (line) return Number(line.slice("oom_kill ".length));
  }
  return 0;
}

/** cgroup v2 has `memory.events`, v1 `memory.oom_control`; inside a container the own group is the root. */
function findCounterFiles(): readonly string[] {
  const files: string[] = [];
  for (const line of (readProcFile("/proc/self/cgroup") ?? "").split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    if (controllers === "") files.push(...placesOf("/sys/fs/cgroup", path, "memory.events"));
    else if (controllers.split(",").includes("memory")) {
      files.push(...placesOf("/sys/fs/cgroup/memory", path, "memory.oom_control"));
    }
  }
  return files;
}

function placesOf(root: string, path: string, file: string): readonly string[] {
  return [join(root, path, file), join(root, file)];
}
