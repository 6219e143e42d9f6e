import type { Duplex } from "node:stream";
import { AbortError } from "@kernelbox/core";
import type { Container } from "dockerode";
import { socketInBox } from "./container-spec.ts";
import { RelayDuplex } from "./relay-duplex.ts";

/** Bridges its stdin and stdout to boxd's socket; ends when either side ends. */
const relay = ["socat", "-b", "1048576", "STDIO", `UNIX-CONNECT:${socketInBox}`];

/** The relay ended, or never spoke: boxd does not listen (yet, or any more). */
export class RelayError extends Error {
  override readonly name: string = "RelayError";
}

/**
 * Opens one byte stream to boxd through `exec`. It is open once boxd has spoken: HTTP/2 servers speak first, while a relay
 * that cannot connect only complains.
 */
export async function openExecTunnel(
  container: Container,
  options: { readonly signal?: AbortSignal; readonly timeoutMs: number },
): Promise<Duplex> {
  const { signal, timeoutMs } = options;
  const abortSignal = signal === undefined ? {} : { abortSignal: signal };
  const exec = await container.exec({
    Cmd: relay,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...abortSignal,
  });
  // The signal must not reach this request: it would live on in the open tunnel.
  const tunnel = new RelayDuplex(await exec.start({ hijack: true, stdin: true, Tty: false }));
  try {
    await firstOutput(tunnel, { signal, timeoutMs });
    return tunnel;
  } catch (error) {
    tunnel.on("error", () => undefined); // what comes of closing it is of no interest
    tunnel.destroy();
    throw error;
  }
}

async function firstOutput(
  tunnel: RelayDuplex,
  options: { readonly signal: AbortSignal | undefined; readonly timeoutMs: number },
): Promise<void> {
  const { signal, timeoutMs } = options;
  if (tunnel.hasOutput) return;
  const watch = new AbortController();
  await new Promise<void>((resolve, reject) => {
    const closed = { signal: watch.signal };
    const refuse = (why: string): void => reject(new RelayError(tunnel.complaint() || why));
    const timer = setTimeout(() => refuse(`boxd did not speak within ${timeoutMs} ms`), timeoutMs);
    watch.signal.addEventListener("abort", () => clearTimeout(timer));
    signal?.addEventListener("abort", () => reject(new AbortError(signal.reason)), closed);
    if (signal?.aborted === true) reject(new AbortError(signal.reason));
    tunnel.once("output", resolve);
    tunnel.once("error", reject);
    tunnel.once("end", () => refuse("the relay ended"));
    tunnel.once("close", () => refuse("the relay closed"));
    // Nothing is read yet, or the end would not be noticed; what arrives is kept in the buffer.
    tunnel.once("readable", () => (tunnel.hasOutput ? undefined : refuse("the relay ended")));
  }).finally(() => {
    watch.abort();
    tunnel.removeAllListeners("readable");
    tunnel.removeAllListeners("output");
  });
}
