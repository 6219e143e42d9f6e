import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kernel, Subject } from "../subject.ts";
import { RawKernel } from "./raw-kernel.ts";

/** `docker run` of a stock ipykernel from the same image, over raw ZeroMQ on Unix sockets in a mounted directory. */
export function dockerRun(image: string): Subject {
  return { name: "docker run + stock ipykernel", open: () => open(image) };
}

async function open(image: string): Promise<Kernel> {
  const directory = await mkdtemp(join(tmpdir(), "kernelbox-bench-"));
  // The container's user is not the one of this process.
  await chmod(directory, 0o777);
  const key = randomUUID();
  const name = `kernelbox-bench-${key}`;
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  const connection = { transport: "ipc", ip: `${directory}/k`, key, signature_scheme: "hmac-sha256", ...ports };
  const file = join(directory, "connection.json");
  await writeFile(file, JSON.stringify(connection), { mode: 0o666 });
  const python = "/opt/kernelbox/python/bin/python";
  const child = spawn(
    "docker",
    [
      "run",
      "--rm",
      "--name",
      name,
      "--network=none",
      "-v",
      `${directory}:${directory}`,
      "-e",
      `IPYTHONDIR=${directory}/ipython`,
      "--entrypoint",
      python,
      image,
      "-m",
      "ipykernel_launcher",
      "-f",
      file,
    ],
    { stdio: "ignore" },
  );
  const ended = once(child, "exit");
  return RawKernel.connect(`ipc://${directory}/k-1`, `ipc://${directory}/k-2`, key, {
    mark: directory,
    end: async () => {
      const killer = spawn("docker", ["kill", name], { stdio: "ignore" });
      await Promise.all([ended, once(killer, "exit")]);
      await rm(directory, { recursive: true, force: true });
    },
  });
}
