import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BoxControlFrame,
  type ExecuteOptions,
  type ExecuteOutcome,
  boxControlFrameSchema,
  boxdConfigSchema,
  executeOutcomeSchema,
  protocolVersion,
  resumableSubprotocol,
  sequenceHeaderBytes,
} from "@kernelbox/protocol";
import { WebSocket } from "ws";
import { decodeV1, encodeV1 } from "../channels/v1-codec.ts";
import { createHttpServer } from "../http/http-server.ts";
import { openAdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { createKernelService } from "./kernel-service.ts";
import { makeMessage } from "./make-message.ts";
import { type ChannelName, fieldsFromHeader, objectFromBytes } from "./wire.ts";

/** A Python that has ipykernel; `npm test` sets the variable to that of the managed environment. */
export const testPython: string = process.env["KERNELBOX_TEST_PYTHON"] ?? "/usr/bin/python3";
export const hasTestPython: boolean = existsSync(testPython);

/** A message as a test looks at it. */
export type SeenMessage = {
  readonly sequence: number;
  readonly channel: ChannelName;
  readonly type: string;
  readonly parentId: string;
  readonly content: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
};

/** What a cell gave. */
export type CellRun = {
  readonly messageId: string;
  readonly messages: readonly SeenMessage[];
  readonly stdout: string;
  readonly reply: SeenMessage;
  readonly outcome: ExecuteOutcome;
};

/** A resumable channel. */
export class TestChannel {
  readonly messages: SeenMessage[] = [];
  readonly frames: BoxControlFrame[] = [];
  readonly webSocket: WebSocket;
  private wake: () => void = () => undefined;

  constructor(url: string, after: number | "now" = "now", version: number = protocolVersion) {
    this.webSocket = new WebSocket(url, [resumableSubprotocol], { perMessageDeflate: false });
    this.webSocket.on("open", () => {
      this.webSocket.send(JSON.stringify({ type: "open", protocolVersion: version, after }));
    });
    this.webSocket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.messages.push(seen(data));
      else this.frames.push(boxControlFrameSchema.parse(JSON.parse(data.toString())));
      this.wake();
    });
  }

  async opened(): Promise<this> {
    await this.until(() => this.frames.some((frame) => frame.type === "opened"));
    return this;
  }

  /** Waits for a condition, looked at after each frame. */
  async until(condition: () => boolean, timeoutMs = 20_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!condition()) {
      if (Date.now() > deadline) throw new Error(`the condition did not hold within ${timeoutMs} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Sends a message; returns its id. */
  send(
    channel: ChannelName,
    type: string,
    content: Record<string, unknown>,
    metadata = {},
    messageId = randomUUID(),
  ): string {
    const message = makeMessage({ type, content, metadata, messageId });
    this.webSocket.send(encodeV1(channel, message));
    return messageId;
  }

  /** Sends code without waiting for its end. */
  execute(code: string, options: Partial<ExecuteOptions> = {}): string {
    const messageId = randomUUID();
    const kernelbox = { executionId: messageId, stdin: { type: "ask" }, ...options };
    const content = { code, silent: false, store_history: true, allow_stdin: true, stop_on_error: true };
    return this.send("shell", "execute_request", content, { kernelbox }, messageId);
  }

  /** Waits for the end of what {@link execute} sent. */
  async ended(messageId: string, timeoutMs = 20_000): Promise<CellRun> {
    let reply: SeenMessage | undefined;
    let isIdle = false;
    let next = 0;
    const look = (): boolean => {
      for (; next < this.messages.length; next += 1) {
        const message = this.messages[next];
        if (message?.parentId !== messageId) continue;
        if (message.type === "execute_reply") reply = message;
        if (message.content["execution_state"] === "idle") isIdle = true;
      }
      return reply !== undefined && isIdle;
    };
    await this.until(look, timeoutMs);
    if (!reply) throw new Error("no reply");
    const messages = this.messages.filter((message) => message.parentId === messageId);
    const texts = messages.filter((message) => message.type === "stream" && message.content["name"] === "stdout");
    return {
      messageId,
      messages,
      stdout: texts.map((message) => String(message.content["text"])).join(""),
      reply,
      outcome: executeOutcomeSchema.parse(reply.metadata["kernelbox"]),
    };
  }

  run(code: string, options: Partial<ExecuteOptions> = {}, timeoutMs?: number): Promise<CellRun> {
    return this.ended(this.execute(code, options), timeoutMs);
  }

  async close(): Promise<void> {
    if (this.webSocket.readyState === WebSocket.CLOSED) return;
    this.webSocket.terminate();
    await once(this.webSocket, "close");
  }
}

function seen(data: Buffer): SeenMessage {
  const decoded = decodeV1(data.subarray(sequenceHeaderBytes));
  if (!decoded) throw new Error("not a message");
  const { channel, message } = decoded;
  return {
    sequence: Number(data.readBigUInt64BE(0)),
    channel,
    type: fieldsFromHeader(message.header).type,
    parentId: fieldsFromHeader(message.parentHeader).messageId,
    content: objectFromBytes(message.content),
    metadata: objectFromBytes(message.metadata),
  };
}

/** A kernel service on a loopback port. */
export type TestService = {
  readonly url: string;
  readonly logged: readonly { readonly message: string; readonly fields: Record<string, unknown> }[];
  readonly holds: () => number;
  request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  openChannel(id: string, after?: number | "now"): Promise<TestChannel>;
  channelUrl(id: string): string;
  stop(): Promise<void>;
};

/** Starts the service with a Python kernelspec; `kernels` has the command lines of further ones. */
export async function startTestService(
  options: Record<string, unknown> & { readonly kernels?: Readonly<Record<string, readonly string[]>> } = {},
): Promise<TestService> {
  const directory = mkdtempSync(join(tmpdir(), "kernelbox-test-"));
  const specs = join(directory, "kernels");
  const workdir = join(directory, "work");
  mkdirSync(workdir);
  const { kernels, ...config } = options;
  const python = [testPython, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"];
  for (const [name, argv] of Object.entries({ python3: python, ...kernels })) {
    const language = name === "python3" ? "python" : name;
    mkdirSync(join(specs, name), { recursive: true });
    writeFileSync(join(specs, name, "kernel.json"), JSON.stringify({ argv, display_name: name, language }));
  }
  const logged: { message: string; fields: Record<string, unknown> }[] = [];
  let holds = 0;
  const activity = {
    touch: () => undefined,
    hold: () => {
      holds += 1;
      let held = true;
      return () => {
        if (held) holds -= 1;
        held = false;
      };
    },
  };
  const parsed = boxdConfigSchema.parse({
    boxId: "test",
    socket: "unused",
    workdir,
    kernelspecDirectories: [specs],
    ...config,
  });
  const log = (message: string, fields: Record<string, unknown> = {}): void => void logged.push({ message, fields });
  const service = createKernelService({ config: parsed, activity, log, ends: openAdoptedEnds({}) });
  // Requests hold, too; the tests count the holds of executions alone.
  const idle = { touch: () => undefined, hold: () => () => undefined };
  const server = createHttpServer({ ...service, activity: idle, log });
  // A tunnel has no Nagle's algorithm; plain TCP would measure that.
  server.on("connection", (socket: Socket) => socket.setNoDelay(true));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const channels: TestChannel[] = [];
  const channelUrl = (id: string): string => `ws://127.0.0.1:${port}/api/kernels/${id}/channels`;
  return {
    url,
    logged,
    holds: () => holds,
    channelUrl,
    request: async (method, path, body) => {
      const response = await fetch(url + path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    openChannel: async (id, after) => {
      const channel = new TestChannel(channelUrl(id), after);
      channels.push(channel);
      return channel.opened();
    },
    stop: async () => {
      await Promise.all(channels.map((channel) => channel.close()));
      await service.stop();
      server.closeAllConnections();
      server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
