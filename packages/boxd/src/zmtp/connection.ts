import { type Socket, connect } from "node:net";
import { type Frame, FrameReader, bytesFromCommand, bytesFromMessage } from "./frames.ts";

/** What a {@link ZmtpConnection} connects as, and to what. */
export type ZmtpOptions = {
  readonly endpoint: { readonly host: string; readonly port: number } | { readonly path: string };
  /** SUB subscribes to everything. */
  readonly socketType: "DEALER" | "SUB";
  /** The name under which a ROUTER answers. @default one of its own */
  readonly routingId?: string;
  readonly onMessage: (frames: readonly Buffer[]) => void;
  /** The connection broke after it was there, or the other side is no ZMTP peer; it is made again. */
  readonly onBreak: (error: Error) => void;
};

const greetingBytes = 64;
const retryMs = 2;
const greeting = makeGreeting();
const subscribeToAll = [Buffer.from([1])];

/**
 * One ZeroMQ connection over TCP or a Unix socket, made as often as it takes: the other side need not listen yet. Nothing is dropped on
 * this side, and a send never waits.
 * @see https://rfc.zeromq.org/spec/23/
 */
export class ZmtpConnection {
  private readonly options: ZmtpOptions;
  private socket: Socket | undefined;
  private isReady = false;
  private isClosed = false;
  private retry: NodeJS.Timeout | undefined;
  private unsent: Buffer[] = [];
  private message: Buffer[] = [];

  constructor(options: ZmtpOptions) {
    this.options = options;
    this.dial();
  }

  /** Sends one message of several frames; until the connection is there it is kept. */
  send(frames: readonly (Buffer | string)[]): void {
    if (this.isClosed) return;
    const pieces = bytesFromMessage(frames);
    if (this.isReady) this.write(pieces);
    else this.unsent.push(...pieces);
  }

  /** Nothing is received afterwards. Idempotent. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.retry);
    this.unsent = [];
    this.socket?.destroy();
  }

  private dial(): void {
    const { endpoint } = this.options;
    const socket = connect({ ...endpoint, noDelay: true });
    const reader = new FrameReader();
    let greeted = Buffer.alloc(0);
    let failure: Error | undefined;
    this.socket = socket;
    this.message = [];
    socket.once("connect", () => {
      // While nobody listens on a port, a connection from that very port may meet itself.
      if ("port" in endpoint && socket.localPort === endpoint.port) socket.destroy();
      else socket.write(greeting);
    });
    socket.on("data", (chunk: Buffer) => {
      try {
        let rest = chunk;
        if (greeted.length < greetingBytes) {
          const before = greeted.length;
          greeted = Buffer.concat([greeted, chunk.subarray(0, greetingBytes - before)]);
          if (greeted.length < greetingBytes) return;
          checkGreeting(greeted);
          socket.write(bytesFromCommand("READY", this.properties()));
          rest = chunk.subarray(greetingBytes - before);
        }
        for (const frame of reader.read(rest)) this.take(frame);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
    socket.once("error", (error) => (failure = error));
    socket.once("close", () => {
      const wasGreeted = greeted.length > 0;
      this.isReady = false;
      if (this.isClosed) return;
      // A refused connection is no news: the kernel does not listen yet.
      if (wasGreeted) this.options.onBreak(failure ?? new Error("the kernel closed the connection"));
      this.retry = setTimeout(() => this.dial(), retryMs);
    });
  }

  private take({ body, hasMore, isCommand }: Frame): void {
    if (this.isClosed) return;
    if (isCommand) return this.obey(body);
    this.message.push(body);
    if (hasMore) return;
    const frames = this.message;
    this.message = [];
    this.options.onMessage(frames);
  }

  private obey(command: Buffer): void {
    const nameEnd = 1 + (command[0] ?? 0);
    const name = command.toString("latin1", 1, nameEnd);
    if (name === "ERROR") throw new Error(`the kernel refuses: ${command.toString("latin1", nameEnd + 1)}`);
    if (name !== "READY" || this.isReady) return;
    this.isReady = true;
    if (this.options.socketType === "SUB") this.write(bytesFromMessage(subscribeToAll));
    this.write(this.unsent);
    this.unsent = [];
  }

  private write(pieces: readonly Buffer[]): void {
    const { socket } = this;
    if (pieces.length > 1) socket?.cork();
    for (const piece of pieces) socket?.write(piece);
    if (pieces.length > 1) socket?.uncork();
  }

  private properties(): Buffer {
    const { socketType, routingId } = this.options;
    const all = [property("Socket-Type", socketType)];
    if (routingId !== undefined) all.push(property("Identity", routingId));
    return Buffer.concat(all);
  }
}

function property(name: string, value: string): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), size, Buffer.from(value)]);
}

/** Signature, version 3.0, and no security: the connection stays on the machine. */
function makeGreeting(): Buffer {
  const bytes = Buffer.alloc(greetingBytes);
  bytes[0] = 0xff;
  bytes[9] = 0x7f;
  bytes[10] = 3;
  bytes.write("NULL", 12, "latin1");
  return bytes;
}

function checkGreeting(bytes: Buffer): void {
  if (bytes[0] !== 0xff || bytes[9] !== 0x7f) throw new Error("what listens there does not speak ZeroMQ");
  if ((bytes[10] ?? 0) < 3) throw new Error(`the kernel speaks ZMTP ${bytes[10]}, not 3`);
  const mechanism = bytes.toString("latin1", 12, 32).replace(/\0+$/, "");
  if (mechanism !== "NULL") throw new Error(`the kernel wants the security mechanism ${mechanism}`);
}
