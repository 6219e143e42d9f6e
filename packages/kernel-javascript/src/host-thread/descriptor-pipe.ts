import { constants, openSync, readSync, unlinkSync } from "node:fs";
import { Socket } from "node:net";
import { StringDecoder } from "node:string_decoder";

/** What comes out of one of the process's own file descriptors. */
export interface DescriptorPipe {
  /** Takes what has arrived and was not delivered yet. */
  drain(): void;
  close(): void;
}

const chunkBytes = 64 * 1024;

/**
 * Reads the named pipe that is this process's standard output or error: what native code and child processes write,
 * past JavaScript's streams. Its name goes, so that nobody else can open it.
 */
export function openDescriptorPipe(path: string, onText: (text: string) => void): DescriptorPipe {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  unlinkSync(path);
  const decoder = new StringDecoder("utf8");
  const take = (bytes: Buffer): void => {
    const text = decoder.write(bytes);
    if (text !== "") onText(text);
  };
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  socket.on("data", take);
  // Only this process can break it, by closing a descriptor that is not its own; then there is nothing to read.
  socket.on("error", () => socket.destroy());
  const buffer = Buffer.allocUnsafe(chunkBytes);
  return {
    drain: () => {
      if (socket.destroyed) return;
      for (let length = chunkBytes; length > 0;) {
        length = readNow(descriptor, buffer);
        if (length > 0) take(buffer.subarray(0, length));
      }
    },
    close: () => socket.destroy(),
  };
}

/** 0: nothing is there now. */
function readNow(descriptor: number, buffer: Buffer): number {
  try {
    return readSync(descriptor, buffer, 0, buffer.length, null);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EAGAIN" || code === "EBADF") return 0;
    throw error;
  }
}
