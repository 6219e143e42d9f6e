import { once } from "node:events";
import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from "node:http2";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TunnelSession } from "./tunnel-session.ts";

const kibibyte = 1024;
const never = new AbortController().signal;
let server: Server;
let boxEnd: ServerHttp2Session;
let session: TunnelSession;
/** Answers each stream's first byte with as many KiB as it says. */
const serve = (stream: ServerHttp2Stream): void => {
  stream.respond({ ":status": 200 });
  stream.on("error", () => undefined);
  stream.once("end", () => stream.end());
  stream.on("data", (asked: Buffer) => stream.write(Buffer.alloc(Number(asked.toString()) * kibibyte)));
};

beforeEach(async () => {
  server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const [socket] = (await once(server, "connection")) as [Socket];
  boxEnd = performServerHandshake(socket);
  boxEnd.on("error", () => undefined);
  boxEnd.on("stream", serve);
  session = await TunnelSession.start(client, never);
});
afterEach(() => {
  session.destroy();
  boxEnd.destroy();
  server.close();
});

const windowKibibytes = (): number => (boxEnd.remoteSettings.initialWindowSize ?? 0) / kibibyte;

async function open(): Promise<Duplex> {
  const stream = await session.openStream("boxd", never);
  // Those that are open at the end go with the session.
  stream.on("error", () => undefined);
  return stream;
}

/** Asks for so much, and reads it. */
async function move(stream: Duplex, kibibytes: number): Promise<void> {
  let left = kibibytes * kibibyte;
  const all = new Promise<void>((resolve) => {
    stream.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left <= 0) resolve();
    });
  });
  stream.write(String(kibibytes));
  await all;
}

test("windows are narrow until a stream moves much, and again once it has closed", async () => {
  const stream = await open();
  await move(stream, 400);
  expect(windowKibibytes()).toBe(64);
  stream.write("200");
  await vi.waitFor(() => expect(windowKibibytes()).toBe(2048));
  stream.destroy();
  await vi.waitFor(() => expect(windowKibibytes()).toBe(64));
});

test("a stream that nobody reads widens nothing", async () => {
  const stream = await open();
  stream.write("4096");
  await once(stream, "readable");
  const other = await open();
  await move(other, 10);
  expect(windowKibibytes()).toBe(64);
});

test("many streams get narrower windows beside a busy one", async () => {
  const busy = await open();
  await move(busy, 600);
  await vi.waitFor(() => expect(windowKibibytes()).toBe(2048));
  for (let index = 0; index < 31; index += 1) await open();
  await vi.waitFor(() => expect(windowKibibytes()).toBe(512));
});

test("a byte stream that is closed while the session opens is said to be", async () => {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  await once(client, "connect");
  const started = TunnelSession.start(client, never);
  client.destroy();
  await expect(started).rejects.toThrow("the tunnel closed while it was opened");
});
