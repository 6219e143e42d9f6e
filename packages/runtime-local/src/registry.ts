import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, readdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { KernelboxError } from "@kernelbox/core";

/** Some systems take no more than 104 bytes for the path of a Unix socket. */
const maxSocketPathBytes = 100;

/** The places of one box in the registry. */
export type BoxPlaces = {
  readonly directory: string;
  readonly record: string;
  /** The only directory that boxd and its code may write the socket into. */
  readonly run: string;
  readonly socket: string;
  readonly log: string;
  /** boxd's exit code, written by the supervising shell. */
  readonly exit: string;
  /** Exists when somebody asked the box to stop. */
  readonly stopping: string;
  /** What code in the box writes; deleted with it. */
  readonly content: string;
};

/** The directory in which every process of this user finds the boxes of this machine. Made on first use. */
export async function registryDirectory(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const runtimeDirectory = environment["XDG_RUNTIME_DIR"];
  const candidates = [
    ...(runtimeDirectory === undefined || runtimeDirectory === "" ? [] : [join(runtimeDirectory, "kernelbox")]),
    join(tmpdir(), `kernelbox-${userInfo().uid}`),
  ];
  const fitting = candidates.find(
    (candidate) => Buffer.byteLength(boxPlaces(candidate, "").socket) < maxSocketPathBytes,
  );
  if (fitting === undefined) {
    throw new KernelboxError(
      "box-start-failed",
      `the path ${candidates.join(" or ")} is too long for a Unix socket in it; set XDG_RUNTIME_DIR or TMPDIR to a shorter directory`,
    );
  }
  await makePrivateDirectory(fitting);
  return fitting;
}

/** Where the box with this id lives. Pure. */
export function boxPlaces(registry: string, id: string): BoxPlaces {
  const directory = join(registry, "boxes", createHash("sha256").update(id).digest("hex").slice(0, 16));
  return {
    directory,
    record: join(directory, "box.json"),
    run: join(directory, "run"),
    socket: join(directory, "run", "boxd.sock"),
    log: join(directory, "log"),
    exit: join(directory, "exit"),
    stopping: join(directory, "stopping"),
    content: join(directory, "content"),
  };
}

/** The record files of all boxes, living or not. */
export async function boxDirectories(registry: string): Promise<readonly string[]> {
  const root = join(registry, "boxes");
  await mkdir(root, { recursive: true, mode: 0o700 });
  return (await readdir(root)).map((name) => join(root, name));
}

/** In a shared temporary directory somebody else could have made the directory first: then its sockets cannot be trusted. */
async function makePrivateDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const stats = await lstat(directory);
  if (!stats.isDirectory() || stats.uid !== userInfo().uid) {
    throw new KernelboxError(
      "permission-denied",
      `${directory} does not belong to this user; remove it, or set XDG_RUNTIME_DIR or TMPDIR to a directory of your own`,
    );
  }
  if ((stats.mode & 0o077) !== 0) await chmod(directory, 0o700);
}
