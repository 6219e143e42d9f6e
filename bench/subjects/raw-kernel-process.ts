import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kernel } from "../subject.ts";
import { freePorts } from "./free-ports.ts";
import { RawKernel } from "./raw-kernel.ts";

/** Starts a kernel as a process of this machine, with the path of its connection file as last argument. */
export async function openRawKernel(
  command: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<Kernel> {
  const directory = await mkdtemp(join(tmpdir(), "kernelbox-bench-"));
  const [shell, iopub, stdin, control, heartbeat] = await freePorts(5);
  const key = randomUUID();
  const connection = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256" };
  const file = join(directory, "connection.json");
  const ports = { shell_port: shell, iopub_port: iopub, stdin_port: stdin, control_port: control, hb_port: heartbeat };
  await writeFile(file, JSON.stringify({ ...connection, ...ports }), { mode: 0o600 });
  const [program = "", ...args] = command;
  const child = spawn(program, [...args, file], {
    cwd: options.cwd ?? directory,
    env: { ...process.env, IPYTHONDIR: directory, ...options.env },
    stdio: "ignore",
    // Some start further processes, which have to end with them.
    detached: true,
  });
  const ended = once(child, "exit");
  return RawKernel.connect(`tcp://127.0.0.1:${shell}`, `tcp://127.0.0.1:${iopub}`, key, {
    mark: directory,
    end: async () => {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        process.kill(-child.pid, "SIGKILL");
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  });
}
