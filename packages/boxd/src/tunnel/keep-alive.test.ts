import { once } from "node:events";
import { connect as connectHttp2, performServerHandshake } from "node:http2";
import { type Server, type Socket, connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keepAlive } from "./keep-alive.ts";

const intervalMs = 20;
let server: Server;
let accepted: Promise<Socket>;
const open: { destroy(): unknown }[] = [];

beforeEach(async () => {
  server = createServer();
  accepted = once(server, "connection").then(([socket]: Socket[]) => {
    if (socket === undefined) throw new Error("no socket");
    return socket;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterEach(() => {
  for (const each of open.splice(0)) each.destroy();
  server.close();
});

async function tunnel(): Promise<{
  readonly client: Socket;
  readonly said: string[];
  readonly closed: Promise<unknown>;
}> {
  const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const session = performServerHandshake(await accepted);
  session.on("error", () => undefined);
  open.push(client, session);
  const said: string[] = [];
  keepAlive(session, (message) => said.push(message), intervalMs);
  return { client, said, closed: once(session, "close") };
}

test("a tunnel whose other end takes everything and says nothing is closed after three pings", async () => {
  const { client, said, closed } = await tunnel();
  client.resume();
  await closed;
  expect(said).toEqual(["a tunnel's other end does not answer"]);
});

test("a tunnel whose other end answers is kept", async () => {
  const { client, said } = await tunnel();
  const session = connectHttp2("http://boxd", { createConnection: () => client });
  open.push(session);
  let pings = 0;
  session.on("ping", () => (pings += 1));
  await expect.poll(() => pings, { timeout: 10_000, interval: 5 }).toBeGreaterThan(8);
  expect([said, session.destroyed]).toEqual([[], false]);
});
