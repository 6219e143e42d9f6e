import { chmod, lstat, unlink } from "node:fs/promises";
import { type Server, connect } from "node:net";
import { isMainThread } from "node:worker_threads";

/** Linux takes 107 bytes, macOS 103. */
const longestPathBytes = 103;

/** Listens on a Unix socket that only this user can open. A socket left behind by a dead process is replaced. */
export async function listenOnUnixSocket(server: Server, path: string): Promise<void> {
  const length = Buffer.byteLength(path);
  if (length > longestPathBytes) {
    throw new Error(
      `the socket path ${path} has ${length} bytes; systems take ${longestPathBytes}: use a shorter directory`,
    );
  }
  await removeStaleSocket(path);
  // Set at the very call, which binds before it returns, so that the socket is never open to others. Workers cannot.
  const previousMask = isMainThread ? process.umask(0o177) : undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, () => {
        server.off("error", reject);
        resolve();
      });
      if (previousMask !== undefined) process.umask(previousMask);
    });
  } finally {
    if (previousMask !== undefined) process.umask(previousMask);
  }
  await chmod(path, 0o600);
}

async function removeStaleSocket(path: string): Promise<void> {
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!stats) return;
  if (!stats.isSocket()) throw new Error(`${path} exists and is not a socket; remove it or name another path`);
  if (await isServed(path)) throw new Error(`another process listens on ${path}`);
  await unlink(path);
}

function isServed(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", () => resolve(false));
  });
}
