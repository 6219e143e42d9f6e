import { spawn } from "node:child_process";
import { open } from "node:fs/promises";
import { once } from "node:events";
import type { BoxPlaces } from "./registry.ts";
import { type ProcessIdentity, processIdentity } from "./process-identity.ts";

/**
 * Runs the command, then deletes what the box wrote and leaves the exit code behind, for whoever asks: the creator may
 * be long gone. The trap (unlike an ignored signal) is not inherited, and lets the shell outlive the SIGTERM to its group.
 * Directories without permissions are given some, or `rm` cannot empty them; neither command follows links.
 */
const script = `
trap : TERM INT HUP
content=$1 exit=$2
shift 2
"$@"
code=$?
chmod -R u+rwx "$content" 2>/dev/null
rm -rf "$content"
echo "$code" > "$exit.new" && mv "$exit.new" "$exit"
`;

/** What a box runs. */
export type BoxCommand = {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where the command runs. */
  readonly directory: string;
};

/** Starts the command detached from this process, under a shell in a session of its own. */
export async function startSupervised(places: BoxPlaces, box: BoxCommand): Promise<ProcessIdentity> {
  const log = await open(places.log, "a", 0o600);
  try {
    const child = spawn("/bin/sh", ["-c", script, "kernelbox", places.content, places.exit, ...box.command], {
      cwd: box.directory,
      detached: true,
      env: box.environment,
      stdio: ["ignore", log.fd, log.fd],
    });
    await once(child, "spawn");
    child.unref();
    // A shell that ended already is told by an identity that no process has.
    return (await processIdentity(child.pid ?? 0)) ?? { pid: child.pid ?? 0, startedAt: "ended" };
  } finally {
    await log.close();
  }
}
