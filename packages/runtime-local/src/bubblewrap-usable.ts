import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

/** How bubblewrap can be used here. */
export type UsableBubblewrap = {
  readonly usable: true;
  readonly executable: string;
  readonly flags: readonly string[];
};
export type BubblewrapSupport = UsableBubblewrap | { readonly usable: false; readonly reason: string };

const run = promisify(execFile);
const baseFlags = [
  "--unshare-user",
  "--unshare-pid",
  "--unshare-ipc",
  "--unshare-uts",
  "--unshare-cgroup-try",
  "--uid",
  "1000",
  "--gid",
  "1000",
  "--hostname",
  "kernelbox",
  "--cap-drop",
  "ALL",
  "--new-session",
  // The parent is the supervising shell, which outlives the creator: nothing in the box outlives the shell.
  "--die-with-parent",
];

let known: Promise<BubblewrapSupport> | undefined;

/** Tries bubblewrap once for the life of this process. */
export function bubblewrapSupport(): Promise<BubblewrapSupport> {
  known ??= tryBubblewrap();
  return known;
}

/** No nested user namespaces, where bubblewrap is new enough (0.8) and the kernel lets it. */
async function tryBubblewrap(): Promise<BubblewrapSupport> {
  if (process.platform !== "linux")
    return { usable: false, reason: `bubblewrap does not exist on ${process.platform}` };
  const directories = (process.env["PATH"] ?? "/usr/bin:/bin").split(":").filter((path) => path.startsWith("/"));
  const executable = directories.map((directory) => join(directory, "bwrap")).find((path) => existsSync(path));
  if (executable === undefined) return { usable: false, reason: "bwrap is not installed" };
  const hardened = [...baseFlags, "--disable-userns"];
  if ((await failure(executable, hardened)) === undefined) return { usable: true, executable, flags: hardened };
  const reason = await failure(executable, baseFlags);
  return reason === undefined ? { usable: true, executable, flags: baseFlags } : { usable: false, reason };
}

async function failure(executable: string, flags: readonly string[]): Promise<string | undefined> {
  const trial = ["--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"];
  try {
    await run(executable, [...flags, ...trial], { timeout: 10_000 });
    return undefined;
  } catch (error) {
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    return stderr === "" ? String(error) : stderr;
  }
}
