import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kernel, Subject } from "../subject.ts";
import { freePorts } from "./free-ports.ts";
import { RawKernel } from "./raw-kernel.ts";

/** A stock ipykernel as a process of this machine, over raw ZeroMQ: the least that a client can do. */
export function stockIpykernel(python: string): Subject {
  return { name: "stock ipykernel", open: () => open(python) };
}

async function open(python: string): Promise<Kernel> {
  const directory = await mkdtemp(join(tmpdir(), "kernelbox-bench-"));
  const [shell, iopub, stdin, control, heartbeat] = await freePorts(5);
  const key = randomUUID();
  const connection = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256" };
  const file = join(directory, "connection.json");
  const ports = { shell_port: shell, iopub_port: iopub, stdin_port: stdin, control_port: control, hb_port: heartbeat };
  await writeFile(file, JSON.stringify({ ...connection, ...ports }), { mode: 0o600 });
  const child = spawn(python, ["-m", "ipykernel_launcher", "-f", file], {
    cwd: directory,
    env: { ...process.env, IPYTHONDIR: directory },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  return RawKernel.connect(`tcp://127.0.0.1:${shell}`, `tcp://127.0.0.1:${iopub}`, key, async () => {
    child.kill("SIGKILL");
    await ended;
    await rm(directory, { recursive: true, force: true });
  });
}
