import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, lstat, mkdir, readdir, rename, rm } from "node:fs/promises";
import { type Server, type Socket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";

/** Where the directory is seen in the box. */
export const doorInBox = "/run/kernelbox-clients";

const youngMs = 60_000;

/**
 * A directory of this machine that the box sees, read-only: a socket in it, on which this process listens, is found by boxd,
 * which connects to it. So a tunnel to a box of a local engine needs nobody in between.
 *
 * Nobody else of this machine can reach the sockets: the directory lies in one that only this user may enter. From inside,
 * the box's code can; what it could do with it, pose as boxd, it can do anyway, having boxd's user.
 */
export class Doorway {
  /** Of the machine. */
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Makes the directory for a new box of the engine at `address`. */
  static async make(address: string, boxId: string): Promise<Doorway> {
    const directory = join(await directoryOfEngine(address), boxId);
    await mkdir(directory);
    // Whatever the umask is, the box's user looks into it.
    await chmod(directory, 0o755);
    return new Doorway(directory);
  }

  /** That of a box which exists, if this user made it. */
  static async find(directory: string): Promise<Doorway | undefined> {
    try {
      return (await lstat(directory)).uid === process.getuid?.() ? new Doorway(directory) : undefined;
    } catch {
      // Another user's, or of another machine.
      return undefined;
    }
  }

  /** Deletes the directories of boxes that are gone. One that is younger than a minute may be a box in the making. */
  static async sweep(address: string, living: ReadonlySet<string>): Promise<void> {
    const parent = await directoryOfEngine(address);
    for (const name of await readdir(parent)) {
      if (living.has(name)) continue;
      const directory = join(parent, name);
      const { mtimeMs } = await lstat(directory);
      if (Date.now() - mtimeMs > youngMs) await rm(directory, { recursive: true, force: true });
    }
  }

  /** Waits until boxd has connected. */
  async open(options: { readonly timeoutMs: number; readonly signal?: AbortSignal | undefined }): Promise<Duplex> {
    const { timeoutMs, signal } = options;
    const name = join(this.directory, randomUUID().slice(0, 8));
    const path = `${name}.sock`;
    const server = createServer({ noDelay: true });
    // Whoever comes second is not boxd.
    server.maxConnections = 1;
    const waiting = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
    try {
      await listenAt(server, `${name}.new`);
      // Boxd looks at names that end in .sock: by then it may connect, and somebody listens.
      await chmod(`${name}.new`, 0o666);
      const connected = once(server, "connection", { signal: waiting });
      await rename(`${name}.new`, path);
      const [socket] = (await connected) as [Socket];
      return socket;
    } finally {
      server.close();
      await rm(path, { force: true });
      await rm(`${name}.new`, { force: true });
    }
  }

  /** Deletes the directory; open tunnels stay. Idempotent. */
  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function listenAt(server: Server, path: string): Promise<void> {
  server.listen(path);
  await once(server, "listening");
}

/** Only this user may enter it; the same for all processes of the user. */
async function directoryOfEngine(address: string): Promise<string> {
  const user = process.getuid?.() ?? 0;
  const own = process.env["XDG_RUNTIME_DIR"];
  const parent = own === undefined ? join(tmpdir(), `kernelbox-doors-${user}`) : join(own, "kernelbox-doors");
  await mkdir(parent, { mode: 0o700, recursive: true });
  const { uid, mode } = await lstat(parent);
  if (uid !== user || (mode & 0o077) !== 0) {
    throw new Error(`${parent} belongs to somebody else, or others may enter it`);
  }
  const directory = join(parent, createHash("sha256").update(address).digest("hex").slice(0, 8));
  await mkdir(directory, { recursive: true });
  return directory;
}
