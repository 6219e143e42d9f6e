import { once } from "node:events";
import { type Server, type Socket, connect, createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { Box, Runtime } from "@kernelbox/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { boxSpec } from "./box-spec.ts";
import { type CuttableRuntime, cuttableRuntime } from "./cuttable-runtime.ts";

describe("cuttableRuntime", () => {
  let server: Server;
  let cuttable: CuttableRuntime;
  let tunnel: Duplex;
  let received: string;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    // The far end says back what it hears.
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => socket.destroy());
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cuttable = cuttableRuntime(echoRuntime((server.address() as AddressInfo).port));
    const box = await cuttable.runtime.create(boxSpec());
    tunnel = await box.openTunnel();
    received = "";
    tunnel.setEncoding("utf8").on("data", (text: string) => (received += text));
  });
  afterEach(() => {
    tunnel.destroy();
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  test("passes everything on, and counts both ways", async () => {
    tunnel.write("hello");
    await once(tunnel, "data");
    expect([received, cuttable.transferredBytes(), cuttable.opened()]).toEqual(["hello", 10, 1]);
  });

  test("an end passes both ways", async () => {
    tunnel.end("bye");
    await once(tunnel, "end");
    expect(received).toBe("bye");
  });

  test("cut closes the tunnel now", async () => {
    cuttable.cut();
    await once(tunnel, "close");
    expect(tunnel.destroyed).toBe(true);
  });

  test("cutAfter cuts in the middle of a chunk", async () => {
    cuttable.cutAfter(8);
    tunnel.write("hello");
    await once(tunnel, "close");
    expect(cuttable.transferredBytes()).toBe(8);
  });

  test("stall keeps the tunnel open and carries nothing", async () => {
    cuttable.stall();
    await new Promise<void>((resolve) => tunnel.write("hello", () => resolve()));
    expect([tunnel.destroyed, cuttable.transferredBytes()]).toEqual([false, 0]);
  });
});

function echoRuntime(port: number): Runtime {
  const box: Box = {
    id: "echo",
    info: { id: "echo", labels: {}, createdAt: "", optionsFingerprint: "" },
    limits: {},
    isolation: "none",
    exited: new Promise(() => undefined),
    stop: () => Promise.resolve(),
    release: () => Promise.resolve(),
    openTunnel: async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      return socket;
    },
  };
  return {
    name: "echo",
    capabilities: {
      network: [],
      memory: false,
      cpu: false,
      pids: false,
      disk: false,
      image: false,
      mounts: false,
      isolation: "none",
      attach: true,
    },
    create: () => Promise.resolve(box),
    attach: () => Promise.resolve(box),
    list: () => Promise.resolve([]),
  };
}
