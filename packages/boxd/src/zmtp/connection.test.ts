import { once } from "node:events";
import { type AddressInfo, type Server, createServer } from "node:net";
import { Router, XPublisher } from "zeromq";
import { afterEach, describe, expect, test } from "vitest";
import { ZmtpConnection, type ZmtpOptions } from "./connection.ts";

describe("a connection to a ZeroMQ socket", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  function connected({ port, ...options }: Pick<ZmtpOptions, "socketType" | "routingId"> & { readonly port: number }): {
    readonly connection: ZmtpConnection;
    readonly messages: (readonly string[])[];
    readonly breaks: string[];
  } {
    const messages: (readonly string[])[] = [];
    const breaks: string[] = [];
    const connection = new ZmtpConnection({
      endpoint: { host: "127.0.0.1", port },
      ...options,
      onMessage: (frames) => messages.push(frames.map(String)),
      onBreak: (error) => breaks.push(error.message),
    });
    closing.push(() => connection.close());
    return { connection, messages, breaks };
  }
  async function router(port = 0): Promise<{ readonly socket: Router; readonly port: number }> {
    const socket = new Router({ linger: 0 });
    closing.push(() => socket.close());
    await socket.bind(`tcp://127.0.0.1:${port === 0 ? "*" : port}`);
    return { socket, port: Number(new URL(socket.lastEndpoint ?? "").port) };
  }
  async function listening(server: Server): Promise<number> {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    return (server.address() as AddressInfo).port;
  }

  test("a DEALER talks with a ROUTER, under its own name, with frames of every size", async () => {
    const { socket, port } = await router();
    const { connection, messages } = connected({ port, socketType: "DEALER", routingId: "me" });
    const long = "x".repeat(3_000_000);
    connection.send(["one", "", long]);
    connection.send(["two"]);
    expect((await socket.receive()).map(String)).toEqual(["me", "one", "", long]);
    expect((await socket.receive()).map(String)).toEqual(["me", "two"]);
    await socket.send(["me", "answer", long]);
    await expect.poll(() => messages).toEqual([["answer", long]]);
  });

  test("a SUB gets what is published once it is known", async () => {
    const socket = new XPublisher({ linger: 0, sendHighWaterMark: 0 });
    closing.push(() => socket.close());
    await socket.bind("tcp://127.0.0.1:*");
    const port = Number(new URL(socket.lastEndpoint ?? "").port);
    const { messages } = connected({ port, socketType: "SUB" });
    expect((await socket.receive())[0]).toEqual(Buffer.from([1]));
    for (let count = 0; count < 2_000; count += 1) await socket.send(["topic", String(count)]);
    await expect.poll(() => messages.length).toBe(2_000);
    expect(messages.at(-1)).toEqual(["topic", "1999"]);
  });

  test("nobody need listen yet, and what was sent is kept", async () => {
    const holder = createServer();
    const port = await listening(holder);
    holder.close();
    await once(holder, "close");
    const { connection, breaks } = connected({ port, socketType: "DEALER" });
    connection.send(["early"]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { socket } = await router(port);
    expect((await socket.receive()).slice(1).map(String)).toEqual(["early"]);
    expect(breaks).toEqual([]);
  });

  test("a peer that goes is noticed, and its successor is found", async () => {
    const first = await router();
    const { connection, breaks } = connected({ port: first.port, socketType: "DEALER" });
    connection.send(["one"]);
    await first.socket.receive();
    first.socket.close();
    await expect.poll(() => breaks).toEqual([expect.stringContaining("closed")]);
    const { socket } = await router(first.port);
    connection.send(["two"]);
    expect((await socket.receive()).slice(1).map(String)).toEqual(["two"]);
  });

  test("what does not speak ZeroMQ is named", async () => {
    const port = await listening(createServer((socket) => socket.write("HTTP/1.1 400 Bad Request\r\n".padEnd(64))));
    const { breaks } = connected({ port, socketType: "SUB" });
    await expect.poll(() => breaks[0]).toMatch(/does not speak ZeroMQ/);
  });

  test("a refusal is told in the peer's words", async () => {
    const greeting = Buffer.alloc(64);
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting.write("NULL", 12);
    const refusal = Buffer.from("\u0004\u000e\u0005ERROR\u0007go away", "latin1");
    const port = await listening(createServer((socket) => socket.write(Buffer.concat([greeting, refusal]))));
    const { breaks } = connected({ port, socketType: "DEALER" });
    await expect.poll(() => breaks[0]).toBe("the kernel refuses: go away");
  });
});
