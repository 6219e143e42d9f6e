import { readFileSync, readdirSync } from "node:fs";

/** A process of this machine. */
export type FoundProcess = {
  readonly pid: number;
  readonly command: readonly string[];
  readonly environment: readonly string[];
};

/** The processes of this machine whose environment has a line with this in it; the host sees those of containers too. */
export function processesWith(inEnvironment: string): readonly FoundProcess[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return pids.flatMap((pid) => {
    const environment = linesOf(`/proc/${pid}/environ`);
    if (!environment.some((line) => line.includes(inEnvironment))) return [];
    return [{ pid: Number(pid), command: linesOf(`/proc/${pid}/cmdline`), environment }];
  });
}

/** The boxd of a box, by its configuration in its environment. */
export function boxdOf(boxId: string): FoundProcess {
  const found = processesWith(boxId).filter(
    ({ command, environment }) =>
      (command[0] ?? "").endsWith("node") && environment.some((line) => line.startsWith("KERNELBOX_BOXD=")),
  );
  const [boxd] = found;
  if (boxd === undefined) throw new Error(`no boxd of box ${boxId} runs on this machine`);
  return boxd;
}

/** Empty for processes that have ended or belong to somebody else. */
function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\0");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM") return [];
    throw error;
  }
}
