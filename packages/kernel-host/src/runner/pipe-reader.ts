import { readSync } from "node:fs";
import { Socket } from "node:net";

/** Takes what comes out of a pipe. */
export interface PipeReader {
  /** Takes what is in the pipe now, before anything else happens. */
  drain(): void;
  close(): void;
}

const chunkBytes = 64 * 1024;
/** A flood of output waits in its pipe, and its writer with it, rather than in our memory and that of our clients. */
const mostBytesPerTurn = 2 * 1024 * 1024;
const turnMs = 40;
/** More than a pipe holds: a writer without end must not keep us here. */
const mostDrained = 1024 * 1024;

/** Reads a pipe whose descriptor does not block. Closes it at the end. */
export function readPipe(descriptor: number, onBytes: (bytes: Buffer) => void): PipeReader {
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  let turnStartedMs = 0;
  let takenInTurn = 0;
  let resuming: NodeJS.Timeout | undefined;
  socket.on("data", (bytes: Buffer) => {
    const nowMs = performance.now();
    if (nowMs - turnStartedMs > turnMs) {
      turnStartedMs = nowMs;
      takenInTurn = 0;
    }
    takenInTurn += bytes.length;
    if (takenInTurn > mostBytesPerTurn) {
      socket.pause();
      resuming = setTimeout(() => socket.resume(), turnStartedMs + turnMs - nowMs);
    }
    onBytes(bytes);
  });
  // A pipe that cannot be read any more has nothing more to say; its process's end is noticed elsewhere.
  socket.on("error", () => socket.destroy());
  return {
    drain: () => {
      if (socket.destroyed) return;
      // What the socket has read while it rested comes first; reading it calls the listener above.
      while (socket.read() !== null);
      for (let taken = 0; taken < mostDrained;) {
        const bytes = readNow(descriptor, Buffer.allocUnsafe(chunkBytes));
        if (bytes.length === 0) return;
        taken += bytes.length;
        onBytes(bytes);
      }
    },
    close: () => {
      clearTimeout(resuming);
      socket.destroy();
    },
  };
}

/** Empty: nothing is there now. */
export function readNow(descriptor: number, buffer: Buffer): Buffer {
  try {
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, null));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EAGAIN") return buffer.subarray(0, 0);
    throw error;
  }
}
