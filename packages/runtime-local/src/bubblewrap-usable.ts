import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** How bubblewrap can be used here. */
export type BubblewrapSupport =
  | { readonly usable: true; readonly flags: readonly string[] }
  | { readonly usable: false; readonly reason: string };

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
  if (process.platform !== "linux") return { usable: false, reason: `bubblewrap does not exist on ${process.platform}` };
  const hardened = [...baseFlags, "--disable-userns"];
  if ((await failure(hardened)) === undefined) return { usable: true, flags: hardened };
  const reason = await failure(baseFlags);
  return reason === undefined ? { usable: true, flags: baseFlags } : { usable: false, reason };
}

async function failure(flags: readonly string[]): Promise<string | undefined> {
  try {
    await run("bwrap", [...flags, "--unshare-net", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"], {
      timeout: 10_000,
    });
    return undefined;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "bwrap is not installed";
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
    return stderr === "" ? String(error) : stderr;
  }
}
