import { createHmac, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Dealer, Request, Subscriber } from "zeromq";

/** A message as a test looks at it. */
export type Seen = {
  readonly channel: string;
  readonly type: string;
  readonly parentId: string;
  readonly content: Record<string, unknown>;
  readonly metadata: Record<string, unknown>;
  readonly header: Record<string, unknown>;
};

const key = "a key";
const patienceMs = 10_000;

/** A connection file with free ports, in a directory of its own. */
export async function makeConnectionFile(): Promise<{ path: string; ports: readonly number[]; remove: () => void }> {
  const servers = Array.from({ length: 5 }, () => createServer());
  await Promise.all(servers.map((server) => new Promise<void>((done) => server.listen(0, "127.0.0.1", done))));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  const [shell_port, iopub_port, stdin_port, control_port, hb_port] = ports;
  const directory = mkdtempSync(join(tmpdir(), "kernel-host-test-"));
  const path = join(directory, "connection.json");
  const fields = { shell_port, iopub_port, stdin_port, control_port, hb_port };
  const content = { transport: "tcp", ip: "127.0.0.1", key, signature_scheme: "hmac-sha256", ...fields };
  writeFileSync(path, JSON.stringify(content));
  return { path, ports, remove: () => rmSync(directory, { recursive: true }) };
}

/** A Jupyter client that remembers everything. */
export class TestClient {
  readonly seen: Seen[] = [];
  readonly #dealers: Record<"shell" | "control" | "stdin", Dealer>;
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #heartbeat = new Request({ linger: 0 });
  #wake: () => void = () => undefined;

  constructor(ports: readonly number[]) {
    const routingId = randomUUID();
    const dealer = (): Dealer => new Dealer({ linger: 0, receiveHighWaterMark: 0, routingId });
    this.#dealers = { shell: dealer(), control: dealer(), stdin: dealer() };
    const [shell, iopub, stdin, control, heartbeat] = ports.map((port) => `tcp://127.0.0.1:${port}`);
    this.#dealers.shell.connect(shell ?? "");
    this.#dealers.stdin.connect(stdin ?? "");
    this.#dealers.control.connect(control ?? "");
    this.#iopub.subscribe();
    this.#iopub.connect(iopub ?? "");
    this.#heartbeat.connect(heartbeat ?? "");
    for (const [channel, socket] of Object.entries({ ...this.#dealers, iopub: this.#iopub })) {
      void this.#receive(channel, socket).catch(() => undefined); // closed by the test
    }
  }

  /** Sends a request; gives its id. */
  send(
    channel: "shell" | "control" | "stdin",
    type: string,
    content: Record<string, unknown>,
    options: { readonly metadata?: Record<string, unknown>; readonly key?: string } = {},
  ): string {
    const id = randomUUID();
    const header = { msg_id: id, msg_type: type, session: "test", username: "test", date: "", version: "5.5" };
    const parts = [header, {}, options.metadata ?? {}, content].map((part) => JSON.stringify(part));
    const hmac = createHmac("sha256", options.key ?? key);
    for (const part of parts) hmac.update(part);
    void this.#dealers[channel].send(["<IDS|MSG>", hmac.digest("hex"), ...parts]);
    return id;
  }

  /** Sends a request and waits for its reply and for idle. */
  async ask(channel: "shell" | "control", type: string, content: Record<string, unknown> = {}): Promise<Seen> {
    return this.reply(this.send(channel, type, content));
  }

  /** Waits for the reply to a request, and for idle. */
  async reply(id: string): Promise<Seen> {
    const isReply = (message: Seen): boolean => message.parentId === id && message.type.endsWith("_reply");
    await this.until((message) => message.parentId === id && message.content["execution_state"] === "idle");
    return this.until((message) => message.channel !== "iopub" && isReply(message));
  }

  /** Runs code; gives the reply and what was published for it. */
  async run(code: string, extra: Record<string, unknown> = {}): Promise<{ reply: Seen; published: readonly Seen[] }> {
    const id = this.send("shell", "execute_request", { code, allow_stdin: true, store_history: true, ...extra });
    const reply = await this.reply(id);
    return { reply, published: this.published(id) };
  }

  /** What was published for a request, in order. */
  published(id: string): readonly Seen[] {
    return this.seen.filter((message) => message.channel === "iopub" && message.parentId === id);
  }

  /** The first message that fits, now or later. */
  async until(fits: (message: Seen) => boolean): Promise<Seen> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const found = this.seen.find(fits);
      if (found) return found;
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`nothing fits; seen: ${this.seen.map((message) => message.type).join(", ")}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async beat(): Promise<string> {
    await this.#heartbeat.send("ping");
    const [answer] = await this.#heartbeat.receive();
    return String(answer);
  }

  close(): void {
    for (const socket of [...Object.values(this.#dealers), this.#iopub, this.#heartbeat]) socket.close();
  }

  async #receive(channel: string, socket: AsyncIterable<Buffer[]>): Promise<void> {
    for await (const frames of socket) {
      const start = frames.findIndex((frame) => frame.toString() === "<IDS|MSG>");
      const parts = frames
        .slice(start + 2, start + 6)
        .map((part) => JSON.parse(part.toString()) as Record<string, unknown>);
      const [header = {}, parent = {}, metadata = {}, content = {}] = parts;
      const parentId = typeof parent["msg_id"] === "string" ? parent["msg_id"] : "";
      this.seen.push({ channel, type: String(header["msg_type"]), parentId, content, metadata, header });
      this.#wake();
    }
  }
}
