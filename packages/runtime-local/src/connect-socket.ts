import { lstat } from "node:fs/promises";
import { type Socket, connect } from "node:net";
import { AbortError } from "@kernelbox/core";

/**
 * Connects to boxd's Unix socket. The directory it lies in can be written by the code in the box, so anything but a
 * socket (a link to one of the machine's own, say) is refused.
 */
export async function connectSocket(path: string, signal?: AbortSignal): Promise<Socket> {
  if (!(await lstat(path)).isSocket()) throw new Error(`${path} is not a socket`);
  return await new Promise<Socket>((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new AbortError(signal.reason));
      return;
    }
    const socket = connect({ path, allowHalfOpen: true });
    const abort = (): void => {
      socket.destroy();
      reject(new AbortError(signal?.reason));
    };
    signal?.addEventListener("abort", abort, { once: true });
    const settle = (action: () => void): void => {
      signal?.removeEventListener("abort", abort);
      action();
    };
    socket.once("connect", () => {
      socket.off("error", fail);
      settle(() => resolve(socket));
    });
    socket.once("error", fail);
    function fail(error: Error): void {
      settle(() => reject(error));
    }
  });
}
