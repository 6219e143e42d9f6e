import { readFileSync, readdirSync } from "node:fs";

/**
 * Kills the boxd of a box from the host, as a crash would. It is found by its configuration in its environment,
 * which the host sees for containers too.
 */
export async function killBoxd(boxId: string): Promise<void> {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  const own = pids.filter((pid) => isBoxdOf(pid, boxId));
  if (own.length === 0) throw new Error(`no boxd of box ${boxId} runs on this machine`);
  for (const pid of own) process.kill(Number(pid), "SIGKILL");
}

function isBoxdOf(pid: string, boxId: string): boolean {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    const isNode = (command[0] ?? "").endsWith("node");
    return isNode && environment.some((line) => line.startsWith("KERNELBOX_BOXD=") && line.includes(boxId));
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** A process may end, or belong to somebody else, while the table is read. */
function isGone(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ESRCH" || code === "EACCES" || code === "EPERM";
}
