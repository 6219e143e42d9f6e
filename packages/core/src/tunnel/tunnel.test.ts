import { afterAll, beforeAll, expect, test } from "vitest";
import { silentLogger } from "../logger.ts";
import type { Box } from "../runtime/box.ts";
import { boxdRuntime } from "../test-support/boxd-runtime.test-support.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { Tunnel } from "./tunnel.ts";

const runtime = boxdRuntime();
let box: Box;
let tunnel: Tunnel;

beforeAll(async () => {
  box = await runtime.create({
    id: "tunnel-test",
    optionsFingerprint: "",
    limits: {},
    env: {},
    mounts: [],
    labels: {},
    timeoutMs: 0,
    idleTimeoutMs: 0,
    maxLifetimeMs: 0,
    logger: silentLogger,
  });
  tunnel = new Tunnel(box, silentLogger);
}, 30_000);
afterAll(async () => {
  tunnel.close(new KernelboxError("tunnel-lost", "the test is over"));
  await runtime.close();
}, 30_000);

async function askHealth(): Promise<string> {
  const stream = await tunnel.openStream("boxd");
  stream.write("GET /kernelbox/health HTTP/1.1\r\nHost: boxd\r\nConnection: close\r\n\r\n");
  let answer = "";
  for await (const chunk of stream) answer += String(chunk);
  return answer;
}

test("2,000 streams that are closed politely use one session", async () => {
  const before = runtime.tunnels();
  for (let index = 0; index < 2000; index += 50) {
    const streams = await Promise.all(Array.from({ length: 50 }, () => tunnel.openStream("boxd")));
    for (const stream of streams) stream.destroy();
  }
  expect(await askHealth()).toContain("200 OK");
  expect(runtime.tunnels() - before).toBeLessThanOrEqual(1);
});

test("a session with 500 resets is replaced, and what runs on it goes on", async () => {
  const kept = await tunnel.openStream("boxd");
  const before = runtime.tunnels();
  for (let index = 0; index < 520; index += 1) {
    const stream = await tunnel.openStream("boxd");
    stream.on("error", () => undefined);
    stream.destroy(new Error("aborted"));
  }
  expect(await askHealth()).toContain("200 OK");
  expect(runtime.tunnels()).toBe(before + 1);
  kept.write("GET /kernelbox/health HTTP/1.1\r\nHost: boxd\r\nConnection: close\r\n\r\n");
  let answer = "";
  for await (const chunk of kept) answer += String(chunk);
  expect(answer).toContain("200 OK");
});

test("after a break the next stream is on a new tunnel, dialled once", async () => {
  const before = runtime.tunnels();
  runtime.cut();
  const answers = await Promise.all(
    [askHealth(), askHealth(), askHealth()].map((asked) => asked.catch(() => askHealth())),
  );
  expect(answers.every((answer) => answer.includes("200 OK"))).toBe(true);
  expect(runtime.tunnels()).toBe(before + 1);
});
