import { randomUUID } from "node:crypto";
import { ZmtpConnection } from "../zmtp/connection.ts";
import type { Connection } from "./connection-file.ts";
import { type ChannelName, type WireMessage, createSigner, framesFromMessage, messageFromFrames } from "./wire.ts";

/** The four ZeroMQ connections to one kernel. */
export interface KernelSockets {
  send(channel: Exclude<ChannelName, "iopub">, message: WireMessage): void;
  /** Nothing is received afterwards. */
  close(): void;
}

/** Called with every message, in the order of its channel. */
export type KernelSocketsOptions = {
  readonly connection: Connection;
  readonly onMessage: (channel: ChannelName, message: WireMessage) => void;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** Connects to a kernel, which need not listen yet. */
export function openKernelSockets(options: KernelSocketsOptions): KernelSockets {
  const { connection, log } = options;
  const sign = createSigner(connection.key);
  // One routing id for all: a kernel sends its input requests to the id that the cell came from.
  const routingId = `kernelbox-${randomUUID()}`;

  const receive = (channel: ChannelName, frames: readonly Buffer[]): void => {
    const received = messageFromFrames(frames);
    if (!received) return;
    // Output is not checked: code in the kernel has the key anyway, and hashing 100 MB costs as much as moving it.
    if (channel !== "iopub" && received.signature !== sign(received.message)) {
      log("a message with a wrong signature is dropped", { channel });
      return;
    }
    try {
      options.onMessage(channel, received.message);
    } catch (error) {
      // One message that cannot be handled must not end the reading of all that follow.
      log("a kernel's message cannot be handled", { channel, error: String(error) });
    }
  };
  const open = (channel: ChannelName): ZmtpConnection =>
    new ZmtpConnection({
      endpoint: connection.endpoints[channel],
      ...(channel === "iopub" ? { socketType: "SUB" } : { socketType: "DEALER", routingId }),
      onMessage: (frames) => receive(channel, frames),
      onBreak: (error) => log("a kernel's channel broke", { channel, error: String(error) }),
    });
  // Output first: it should be subscribed to before anything is asked.
  const channels = { iopub: open("iopub"), shell: open("shell"), control: open("control"), stdin: open("stdin") };

  return {
    send: (channel, message) => channels[channel].send(framesFromMessage(message, sign)),
    close: () => {
      for (const channel of Object.values(channels)) channel.close();
    },
  };
}
