import { once } from "node:events";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { type Server, type Socket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Doorway, openDoorway } from "./doorway.ts";

describe("a directory for clients' sockets", () => {
  let directory: string;
  let doorway: Doorway | undefined;
  const sockets: Socket[] = [];
  const servers: Server[] = [];
  const said: string[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "door-"));
  });
  afterEach(async () => {
    doorway?.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) server.close();
    said.length = 0;
    await rm(directory, { recursive: true, force: true });
  });

  function look(path = directory): void {
    doorway = openDoorway(
      path,
      (socket) => sockets.push(socket),
      (message) => said.push(message),
    );
  }
  async function client(name: string): Promise<Server> {
    const server = createServer((socket) => sockets.push(socket));
    servers.push(server);
    server.listen(join(directory, `${name}.new`));
    await once(server, "listening");
    await rename(join(directory, `${name}.new`), join(directory, `${name}.sock`));
    return server;
  }

  test("a socket that was there first is connected to", async () => {
    const server = await client("early");
    look();
    await once(server, "connection");
  });

  test("a socket that appears is connected to, once", async () => {
    look();
    const server = await client("late");
    await once(server, "connection");
    let more = 0;
    server.on("connection", () => (more += 1));
    await once(await client("other"), "connection");
    expect(more).toBe(0);
  });

  test("a socket on which nobody listens is said, and the next one works", async () => {
    look();
    const dead = await client("dead");
    dead.removeAllListeners("connection");
    await rm(join(directory, "dead.sock"), { force: true });
    await once(await client("living"), "connection");
  });

  test("a directory that is not there is said, and nothing fails", () => {
    look(join(directory, "none"));
    expect(said).toEqual([expect.stringContaining("cannot be watched"), expect.stringContaining("cannot be read")]);
  });
});
