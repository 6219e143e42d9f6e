import { type FSWatcher, readdirSync, watch } from "node:fs";
import { type Socket, connect } from "node:net";
import { join } from "node:path";
import type { Log } from "../log.ts";

/** Clients of the same machine listen on sockets with this ending; other files there are none of ours. */
const ending = ".sock";

/** A directory in which clients of the same machine listen for us. */
export interface Doorway {
  /** Looks at it no longer. What was connected stays. Idempotent. */
  close(): void;
}

/**
 * Connects to every socket that appears in a directory. The box cannot write there: a client that shares the machine
 * with the box puts a socket on which it listens itself, and gets a tunnel without anybody in between.
 */
export function openDoorway(directory: string, onConnection: (socket: Socket) => void, log: Log): Doorway {
  const known = new Set<string>();
  let watcher: FSWatcher | undefined;

  const dial = (name: string): void => {
    known.add(name);
    const socket = connect({ path: join(directory, name) });
    const failed = (error: Error): void => log("a client's socket cannot be reached", { name, error: error.message });
    socket.once("error", failed);
    socket.once("connect", () => {
      socket.off("error", failed);
      onConnection(socket);
    });
  };
  const look = (): void => {
    let names: readonly string[];
    try {
      names = readdirSync(directory).filter((name) => name.endsWith(ending));
    } catch (error) {
      log("the directory for clients' sockets cannot be read", { directory, error: String(error) });
      return;
    }
    for (const name of known) if (!names.includes(name)) known.delete(name);
    for (const name of names) if (!known.has(name)) dial(name);
  };

  try {
    watcher = watch(directory, look);
    watcher.on("error", (error) => log("the directory for clients' sockets is gone", { error: error.message }));
  } catch (error) {
    // Clients then come through the box's own socket.
    log("the directory for clients' sockets cannot be watched", { directory, error: String(error) });
  }
  look();
  return { close: () => watcher?.close() };
}
