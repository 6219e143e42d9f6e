import { setTimeout as delay } from "node:timers/promises";
import { Router, XPublisher } from "zeromq";
import { addressOf, type Connection } from "./connection.ts";
import { SendQueue } from "./send-queue.ts";
import { type Message, type Request, WireCodec } from "./wire.ts";

/** The channels on which clients send requests. */
export type RequestChannel = "shell" | "control" | "stdin";

/** The five sockets of a kernel. */
export interface KernelSockets {
  /** To the client that sent `to`. */
  send(channel: RequestChannel, to: Request, message: Message): void;
  /** To all clients. */
  publish(message: Message): void;
  /** Stops to listen. What was sent is still delivered for up to `lingerMs`. */
  close(lingerMs: number): Promise<void>;
}

/** Options of {@link bindKernelSockets}. */
export type KernelSocketsOptions = {
  readonly connection: Connection;
  readonly onRequest: (channel: RequestChannel, request: Request) => void;
  /** A socket failed, which leaves the kernel without it. */
  readonly onError: (error: unknown) => void;
};

// Without high-water marks nothing is ever dropped for a slow client, and no send has to wait.
const unlimited = { sendHighWaterMark: 0, receiveHighWaterMark: 0, maxMessageSize: -1 } as const;

/** Binds all sockets; resolves when clients can connect. */
export async function bindKernelSockets(options: KernelSocketsOptions): Promise<KernelSockets> {
  const { connection, onRequest, onError } = options;
  const codec = new WireCodec(connection.key);
  const routers = { shell: new Router(unlimited), control: new Router(unlimited), stdin: new Router(unlimited) };
  const iopub = new XPublisher({ ...unlimited, noDrop: true });
  iopub.verbosity = "allSubs";
  const heartbeat = new Router(unlimited);
  const all = { ...routers, iopub, heartbeat };
  let isClosed = false;

  const report = (error: unknown): void => {
    if (!isClosed) onError(error);
  };
  const queueOf = (socket: Router | XPublisher): SendQueue => new SendQueue((frames) => socket.send(frames), report);
  const queues = {
    shell: queueOf(routers.shell),
    control: queueOf(routers.control),
    stdin: queueOf(routers.stdin),
    iopub: queueOf(iopub),
  };
  const publish = (message: Message, topic = message.type): void => {
    if (!isClosed) queues.iopub.push([topic, ...codec.encode(message)]);
  };
  const close = async (lingerMs: number): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    // What is given to ZeroMQ lingers; what still waits to be given would be lost.
    const drained = Promise.all(Object.values(queues).map((queue) => queue.drained()));
    if (lingerMs > 0) await Promise.race([drained, delay(lingerMs)]);
    for (const socket of Object.values(all)) {
      socket.linger = lingerMs;
      socket.close();
    }
  };
  const receive = async (channel: RequestChannel): Promise<void> => {
    for await (const frames of routers[channel]) {
      const request = codec.decode(frames);
      if (request) onRequest(channel, request);
    }
  };
  const greet = async (): Promise<void> => {
    for await (const [frame] of iopub) {
      // 1: somebody subscribed. It tells that client that from here on it gets everything.
      if (frame?.[0] !== 1) continue;
      const subscription = frame.subarray(1).toString("utf8");
      publish({ type: "iopub_welcome", content: { subscription } }, subscription);
    }
  };
  const beat = async (): Promise<void> => {
    for await (const frames of heartbeat) await heartbeat.send(frames);
  };

  try {
    const names = ["shell", "iopub", "stdin", "control", "heartbeat"] as const;
    await Promise.all(names.map((name) => all[name].bind(addressOf(connection, name))));
  } catch (error) {
    await close(0);
    throw error;
  }
  for (const channel of ["shell", "control", "stdin"] as const) receive(channel).catch(report);
  greet().catch(report);
  beat().catch(report);
  return {
    send: (channel, to, message) => {
      if (!isClosed) queues[channel].push([...to.identities, ...codec.encode(message)]);
    },
    publish: (message) => publish(message),
    close,
  };
}
