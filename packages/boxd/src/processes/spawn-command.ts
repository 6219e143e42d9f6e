import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type BoxdConfig, type StartProcessRequest, boxMarkVariable } from "@kernelbox/protocol";
import { FailureError } from "../failure-error.ts";

/** A child process that has started. */
export type SpawnedCommand = { readonly child: ChildProcess; readonly pid: number };

/** Starts a command in a process group of its own. Resolves when it runs; a command that cannot start is a failure. */
export async function spawnCommand(
  request: StartProcessRequest,
  config: Pick<BoxdConfig, "boxId" | "workdir" | "env">,
): Promise<SpawnedCommand> {
  const [file, ...args] = typeof request.command === "string" ? shellCommand(request.command) : request.command;
  if (file === undefined || file === "") throw new FailureError("invalid-argument", "the command is empty");
  const cwd = resolve(config.workdir, request.cwd ?? ".");
  await checkDirectory(cwd);
  const child = start(file, args, {
    cwd,
    env: { ...process.env, ...config.env, ...request.env, [boxMarkVariable]: config.boxId },
    // A group of its own, so that a signal reaches whatever the command starts.
    detached: true,
    stdio: [request.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  await new Promise<void>((started, failed) => {
    child.once("spawn", started);
    child.once("error", (error) => failed(failureFromSpawnError(error, file)));
  });
  child.on("error", () => {
    // Only a signal that came too late gets here; the exit tells the rest.
  });
  if (child.pid === undefined) throw new Error(`${file} started without a process id`);
  return { child, pid: child.pid };
}

function start(file: string, args: readonly string[], options: Parameters<typeof spawn>[2]): ChildProcess {
  try {
    return spawn(file, args, options);
  } catch (error) {
    throw failureFromSpawnError(error, file);
  }
}

async function checkDirectory(cwd: string): Promise<void> {
  if (cwd.includes("\0")) throw new FailureError("invalid-argument", "the working directory has a NUL character in it");
  const stats = await stat(cwd).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    throw new FailureError("file-not-found", `the working directory ${cwd} does not exist`, { cause: error });
  });
  if (!stats.isDirectory())
    throw new FailureError("invalid-argument", `the working directory ${cwd} is not a directory`);
}

function failureFromSpawnError(error: unknown, file: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") {
    return new FailureError("file-not-found", `the command ${file} was not found`, { cause: error });
  }
  if (code === "EACCES" || code === "EPERM") {
    return new FailureError("permission-denied", `the command ${file} may not be run (${code})`, { cause: error });
  }
  if (code === "E2BIG" || code === "ERR_INVALID_ARG_VALUE") {
    return new FailureError(
      "invalid-argument",
      `the command ${file.slice(0, 100)} cannot be started: ${String(error)}`,
      {
        cause: error,
      },
    );
  }
  return error;
}

let shell: string | undefined;

function shellCommand(command: string): readonly string[] {
  shell ??= ["/bin/bash", "/usr/bin/bash", "/usr/local/bin/bash"].find((path) => existsSync(path)) ?? "/bin/sh";
  return [shell, "-c", command];
}
