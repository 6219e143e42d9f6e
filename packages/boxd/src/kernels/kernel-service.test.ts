import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { encodeV1 } from "../channels/v1-codec.ts";
import { TestChannel, type TestService, hasTestPython, startTestService, testPython } from "./fixture.test-support.ts";
import { makeMessage } from "./make-message.ts";

describe.skipIf(!hasTestPython)("the kernel service with a real ipykernel", { timeout: 30_000 }, () => {
  let service: TestService;
  let channel: TestChannel;

  beforeAll(async () => {
    service = await startTestService({
      kernels: {
        unfit: ["sh", "-c", "echo I am broken >&2; exit 4"],
        unbounded: [testPython, "-m", "kernelbox_kernel", "-f", "{connection_file}"],
      },
    });
    const created = await service.request("POST", "/kernelbox/contexts", { id: "main", language: "py" });
    expect(created).toMatchObject({ status: 201, body: { id: "main", language: "python", status: "idle" } });
    channel = await service.openChannel("main");
  }, 60_000);
  afterAll(() => service.stop());

  test("a cell gives its output, its reply and what it used", async () => {
    const run = await channel.run("print(1 + 1)");
    expect(run.stdout).toBe("2\n");
    expect(run.outcome).toMatchObject({ status: "ok", contextState: "kept" });
    expect(run.outcome.usage?.wallMs).toBeGreaterThan(0);
  });

  test.runIf(process.platform === "linux")("usage counts child processes", async () => {
    const child =
      "x = bytearray(150_000_000); import time; e = time.process_time() + .4\\nwhile time.process_time() < e: pass";
    const { outcome } = await channel.run(`import subprocess, sys; subprocess.run([sys.executable, '-c', '${child}'])`);
    expect(outcome.usage?.cpuMs).toBeGreaterThan(250);
    expect(outcome.usage?.peakMemoryBytes).toBeGreaterThan(150_000_000);
  });

  test("input() is answered over stdin", async () => {
    const id = channel.execute("print('hello', input('name? '))");
    await channel.until(() => channel.messages.some((m) => m.type === "input_request" && m.parentId === id));
    channel.send("stdin", "input_reply", { value: "Ada" });
    expect((await channel.ended(id)).stdout).toContain("hello Ada");
  });

  test("20,000 flushed prints all arrive, in order", { timeout: 60_000 }, async () => {
    // A stock ipykernel itself drops what is more than 1,000 messages ahead of a reader that gets no processor.
    await service.request("POST", "/kernelbox/contexts", { id: "unbounded", language: "unbounded" });
    const unbounded = await service.openChannel("unbounded");
    const run = await unbounded.run("for i in range(20000): print(i, flush=True)", {}, 50_000);
    expect(run.stdout).toBe(Array.from({ length: 20_000 }, (_, index) => `${index}\n`).join(""));
  });

  test("an endless loop is stopped at its time limit and the variables stay", async () => {
    await channel.run("kept = 7");
    const { outcome } = await channel.run("while True: pass", { timeoutMs: 200 });
    expect(outcome).toMatchObject({ status: "timed-out", contextState: "kept" });
    expect((await channel.run("print(kept)")).stdout).toBe("7\n");
  });

  test("a child process of the cell is stopped with it", async () => {
    const id = channel.execute("import os; os.system('sleep 30')");
    await channel.until(() => channel.messages.some((m) => m.type === "execute_input" && m.parentId === id));
    await service.request("POST", "/kernelbox/contexts/main/interrupt", { executionId: id });
    const { outcome } = await channel.ended(id);
    expect(outcome.usage?.wallMs).toBeLessThan(5_000);
  });

  test("a kernel that dies ends its cell with the cause, and the next cell runs in a new one", async () => {
    const died = await channel.run("import os; os._exit(3)");
    expect(died.outcome).toMatchObject({ status: "kernel-died", contextState: "lost", exitCode: 3 });
    const killed = await channel.run("import os; os.kill(os.getpid(), 9)");
    expect(killed.outcome).toMatchObject({ status: "kernel-died", reason: "the kernel was killed by SIGKILL" });
    expect((await channel.run("print('alive')")).stdout).toBe("alive\n");
  });

  test("closing file descriptor 1 harms neither the channel nor the output", async () => {
    expect((await channel.run("import os; os.close(1); print('a')")).stdout).toBe("a\n");
    expect((await channel.run("print('b')")).stdout).toBe("b\n");
  });

  test("a client that stops reading loses nothing and holds up nobody", async () => {
    const other = await service.openChannel("main");
    channel.webSocket.pause();
    const id = other.execute("for i in range(60): print('y' * 100_000, flush=True)");
    expect((await other.ended(id)).stdout).toHaveLength(60 * 100_001);
    channel.webSocket.resume();
    expect((await channel.ended(id)).stdout).toHaveLength(60 * 100_001);
    for (const [index, message] of channel.messages.entries()) {
      expect(message.sequence).toBe((channel.messages[0]?.sequence ?? 0) + index);
    }
  });

  test("another channel reads a cell from its first message on", async () => {
    const { messageId } = await channel.run("print('journalled')");
    const listed = await service.request("GET", "/kernelbox/contexts/main/executions");
    const record = (listed.body as { messageId: string; after: number }[]).find((row) => row.messageId === messageId);
    const later = await service.openChannel("main", record?.after);
    const replayed = await later.ended(messageId);
    expect(replayed.messages.map((message) => message.type)).toEqual([
      "status",
      "execute_input",
      "stream",
      "status",
      "execute_reply",
    ]);
  });

  test("a request that is sent twice runs once and is confirmed twice", async () => {
    await channel.run("count = 0");
    const content = { code: "count += 1; print(count)" };
    const bytes = encodeV1("shell", makeMessage({ type: "execute_request", content, messageId: "twice" }));
    channel.webSocket.send(bytes);
    channel.webSocket.send(bytes);
    await channel.ended("twice");
    const isConfirmation = (frame: { type: string; messageId?: string }): boolean => frame.messageId === "twice";
    await channel.until(() => channel.frames.filter(isConfirmation).length === 2);
    expect((await channel.run("print(count)")).stdout).toBe("1\n");
  });

  test("a restart interrupts the running cell, rejects the queued ones and keeps id and numbers", async () => {
    await channel.run("before = 1");
    const running = channel.execute("import time; time.sleep(60)");
    const queued = channel.execute("1");
    await channel.until(() => channel.messages.some((m) => m.type === "execute_input" && m.parentId === running));
    await service.request("POST", "/kernelbox/contexts/main/restart");
    expect((await channel.ended(running)).outcome).toMatchObject({
      status: "interrupted",
      contextState: "lost",
      reason: "the context was restarted",
    });
    expect((await channel.ended(queued)).outcome.rejected).toBe("context-lost");
    expect((await channel.run("print('before' in globals())")).stdout).toBe("False\n");
  });

  test("kernel_info is answered while the kernel is busy", async () => {
    const busy = channel.execute("import time; time.sleep(1)");
    const info = channel.send("shell", "kernel_info_request", {});
    await channel.until(() => channel.messages.some((m) => m.type === "kernel_info_reply" && m.parentId === info));
    expect(channel.messages.some((m) => m.type === "execute_reply" && m.parentId === busy)).toBe(false);
    await channel.ended(busy);
  });

  test("kernel_info is answered between kernels too, and never with an error", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "passing-"));
    await service.request("POST", "/kernelbox/contexts", { id: "passing", cwd });
    const client = await service.openChannel("passing");
    await rm(cwd, { recursive: true });
    expect((await service.request("POST", "/kernelbox/contexts/passing/restart")).status).toBe(500);
    const asked = client.send("shell", "kernel_info_request", {});
    const reply = (): TestChannel["messages"][number] | undefined =>
      client.messages.find((message) => message.type === "kernel_info_reply" && message.parentId === asked);
    await client.until(() => reply() !== undefined);
    expect(reply()?.content["status"]).toBe("ok");
    await service.request("DELETE", "/kernelbox/contexts/passing");
  });

  test("a running cell keeps the box from being idle; without a limit only while a client is there", async () => {
    const created = await service.request("POST", "/kernelbox/contexts", { id: "alone" });
    expect(created.status).toBe(201);
    const client = await service.openChannel("alone");
    const id = client.execute("import time; time.sleep(5)", { timeoutMs: 0 });
    await client.until(() => client.messages.some((m) => m.type === "execute_input" && m.parentId === id));
    expect(service.holds()).toBe(1);
    await client.close();
    await expect.poll(() => service.holds()).toBe(0);
    await service.request("DELETE", "/kernelbox/contexts/alone");
  });

  test("a client of another protocol version is told both", async () => {
    const other = new TestChannel(service.channelUrl("main"), "now", 99);
    const [code, reason] = (await once(other.webSocket, "close")) as [number, Buffer];
    expect(code).toBe(4001);
    expect(reason.toString()).toBe("client speaks protocol version 99, this box 1");
  });

  test("a kernel that cannot start is an error with its last words", async () => {
    const created = await service.request("POST", "/kernelbox/contexts", { id: "unfit", language: "unfit" });
    expect(created).toMatchObject({ status: 500, body: { code: "kernel-start-failed" } });
    expect((created.body as { message: string }).message).toMatch(/exit code 4 before it was ready.*I am broken/);
    expect((await service.request("GET", "/kernelbox/contexts/unfit")).status).toBe(404);
  });

  test("an unknown context is a 404, by HTTP and by WebSocket", async () => {
    expect((await service.request("GET", "/kernelbox/contexts/none")).status).toBe(404);
    const [error] = (await once(new WebSocket(service.channelUrl("none")), "error")) as [Error];
    expect(error.message).toContain("404");
  });

  test("default contexts asked for at the same time are one", async () => {
    const ask = (): ReturnType<TestService["request"]> => service.request("POST", "/kernelbox/contexts/default", {});
    const [one, two] = await Promise.all([ask(), ask()]);
    expect(one.body).toEqual(two.body);
    expect(one.body).toMatchObject({ isDefault: true, language: "python" });
  });

  test("a deleted context tells its clients and is gone", async () => {
    await service.request("POST", "/kernelbox/contexts", { id: "gone" });
    const client = await service.openChannel("gone");
    expect((await service.request("DELETE", "/kernelbox/contexts/gone")).status).toBe(204);
    await client.until(() => client.frames.some((frame) => frame.type === "deleted"));
    expect((await service.request("DELETE", "/kernelbox/contexts/gone")).status).toBe(404);
  });
});
