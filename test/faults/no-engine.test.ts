import { mkdtemp, rm } from "node:fs/promises";
import { type Server, type Socket, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { runtimes } from "../runtimes.ts";

describe("without a Docker engine", () => {
  let directory: string;
  const servers = new Set<Server>();
  const sockets = new Set<Socket>();
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "kernelbox-engine-"));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
    servers.clear();
    await rm(directory, { recursive: true, force: true });
  });

  /** An engine's socket on which `answer` speaks. */
  async function engine(answer: (socket: Socket) => void): Promise<string> {
    const socketPath = join(directory, "engine.sock");
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      answer(socket);
    });
    servers.add(server);
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    return socketPath;
  }

  test("create says how to start one and how to ask for the local runtime", async () => {
    const failure = await Sandbox.create({ runtime: docker({ socketPath: join(directory, "none.sock") }) }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: "engine-unavailable", message: expect.stringContaining("kernelbox/local") });
    expect(failure).toMatchObject({ message: expect.stringContaining("none.sock") });
  });

  test("the default runtime is Docker and never falls back to less isolation", async () => {
    vi.stubEnv("DOCKER_HOST", `unix://${join(directory, "none.sock")}`);
    await expect(Sandbox.create()).rejects.toMatchObject({ code: "engine-unavailable" });
  });

  test("list and connect say so too", async () => {
    const runtime = docker({ socketPath: join(directory, "none.sock") });
    await expect(Sandbox.list({ runtime })).rejects.toMatchObject({ code: "engine-unavailable" });
    await expect(Sandbox.connect(crypto.randomUUID(), { runtime })).rejects.toMatchObject({
      code: "engine-unavailable",
    });
  });

  test("no permission on its socket is told as that", async () => {
    // Root may open every socket, so the engine itself refuses here, as a proxy in front of it does.
    const socketPath = await engine((socket) => {
      socket.on("data", () =>
        socket.end(
          'HTTP/1.1 403 Forbidden\r\nContent-Length: 23\r\nContent-Type: application/json\r\n\r\n{"message":"forbidden"}',
        ),
      );
    });
    const failure = await Sandbox.create({ runtime: docker({ socketPath }) }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      name: "KernelboxError",
      code: expect.stringMatching(/^(engine-unavailable|permission-denied)$/),
    });
  });

  test.runIf(process.getuid?.() !== 0)("a socket without permission says whose it is", async () => {
    const socketPath = await engine(() => undefined);
    const { chmod } = await import("node:fs/promises");
    await chmod(socketPath, 0);
    const failure = await Sandbox.create({ runtime: docker({ socketPath }) }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "engine-unavailable", message: expect.stringMatching(/permission/i) });
  });

  test("an engine that never answers ends with startTimeoutMs", async () => {
    const socketPath = await engine(() => undefined);
    const creating = Sandbox.create({ runtime: docker({ socketPath }), startTimeoutMs: 500 });
    await expect(creating).rejects.toMatchObject({
      code: expect.stringMatching(/^(engine-unavailable|box-start-failed)$/),
    });
  });

  test("something else that answers on the socket is not an engine", async () => {
    const socketPath = await engine((socket) => {
      socket.on("data", () => socket.end("hello, I am no engine\r\n"));
    });
    await expect(Sandbox.create({ runtime: docker({ socketPath }) })).rejects.toMatchObject({ name: "KernelboxError" });
  });

  test.runIf(runtimes.some(({ name }) => name === "docker"))(
    "an engine that goes away is engine-gone, never a hang",
    { timeout: 120_000 },
    async () => {
      const socketPath = await engine((socket) => {
        const upstream = connect("/var/run/docker.sock");
        sockets.add(upstream);
        upstream.on("error", () => socket.destroy());
        socket.on("close", () => upstream.destroy());
        upstream.on("close", () => socket.destroy());
        socket.pipe(upstream).pipe(socket);
      });
      const sandbox = await Sandbox.create({ runtime: docker({ socketPath }) });
      try {
        for (const server of servers) server.close();
        const running = sandbox.runCode("print('x', flush=True)\nimport time; time.sleep(60)", {
          onStdout: () => {
            for (const socket of sockets) socket.destroy();
          },
        });
        await expect(running).rejects.toMatchObject({
          code: "box-exited",
        });
        expect(await sandbox.exited).toMatchObject({ reason: "engine-gone" });
      } finally {
        await sandbox.disconnect();
        await Sandbox.stop(sandbox.id, { runtime: docker() });
      }
    },
  );
});
