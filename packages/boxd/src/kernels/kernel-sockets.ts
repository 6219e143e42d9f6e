import { randomUUID } from "node:crypto";
import { Dealer, type Socket, Subscriber } from "zeromq";
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

const common = { linger: 0, receiveHighWaterMark: 0, reconnectInterval: 10, maxMessageSize: -1 } as const;

/** Connects to a kernel, which need not listen yet. */
export function openKernelSockets(options: KernelSocketsOptions): KernelSockets {
  const { connection, log } = options;
  const sign = createSigner(connection.key);
  // One routing id for all: a kernel sends its input requests to the id that the cell came from.
  const dealerOptions = { ...common, sendHighWaterMark: 0, routingId: `kernelbox-${randomUUID()}` };
  const iopub = new Subscriber(common);
  const dealers = {
    shell: new Dealer(dealerOptions),
    control: new Dealer(dealerOptions),
    stdin: new Dealer(dealerOptions),
  };
  const sockets: Record<ChannelName, Socket & AsyncIterable<Buffer[]>> = { ...dealers, iopub };
  let closed = false;

  const receive = async (channel: ChannelName): Promise<void> => {
    for await (const frames of sockets[channel]) {
      if (closed) return;
      const received = messageFromFrames(frames);
      if (!received) continue;
      // Output is not checked: code in the kernel has the key anyway, and hashing 100 MB costs as much as moving it.
      if (channel !== "iopub" && received.signature !== sign(received.message)) {
        log("a message with a wrong signature is dropped", { channel });
        continue;
      }
      try {
        options.onMessage(channel, received.message);
      } catch (error) {
        // One message that cannot be handled must not end the reading of all that follow.
        log("a kernel's message cannot be handled", { channel, error: String(error) });
      }
    }
  };

  iopub.subscribe();
  for (const channel of ["iopub", "shell", "control", "stdin"] as const) {
    sockets[channel].connect(`tcp://127.0.0.1:${connection.ports[channel]}`);
    receive(channel).catch((error: unknown) => {
      if (!closed) log("a kernel's channel broke", { channel, error: String(error) });
    });
  }

  // Without a high-water mark a send never waits, so the promises settle at once and in order.
  return {
    send: (channel, message) => {
      if (closed) return;
      dealers[channel].send(framesFromMessage(message, sign)).catch((error: unknown) => {
        if (!closed) log("a message cannot be sent to the kernel", { channel, error: String(error) });
      });
    },
    close: () => {
      closed = true;
      for (const socket of Object.values(sockets)) socket.close();
    },
  };
}
