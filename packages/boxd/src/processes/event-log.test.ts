import type { ProcessEvent } from "@kernelbox/protocol";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { EventLog } from "./event-log.ts";

const kibibyte = 1024;
const bounds = { heldBytes: 64 * kibibyte, unreadBytes: 16 * kibibyte };
let pauses: boolean[];
let log: EventLog;

beforeEach(() => {
  vi.useFakeTimers();
  pauses = [];
  log = new EventLog(
    () => bounds,
    (paused) => pauses.push(paused),
  );
});
afterEach(() => {
  vi.useRealTimers();
});

function write(kibibytes: number): void {
  for (let index = 0; index < kibibytes; index += 1) {
    log.append({ stream: "stdout", data: Buffer.alloc(kibibyte), timestamp: "" });
  }
}

function end(): void {
  const usage = { wallMs: 0, cpuMs: null, peakMemoryBytes: null };
  log.append({ type: "end", status: "exited", exitCode: 0, signal: null, usage });
}

async function readAll(after: number): Promise<readonly ProcessEvent[]> {
  const events: ProcessEvent[] = [];
  for await (const event of log.read(after, new AbortController().signal)) events.push(event);
  return events;
}

test("waits for its first reader, which gets everything", async () => {
  write(100);
  expect(pauses).toEqual([true]);
  end();
  const events = await readAll(0);
  expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
  expect(events.at(-1)).not.toHaveProperty("truncated");
});

test("goes on without a reader that never comes, within its bound, and tells what was dropped", async () => {
  write(20);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(pauses).toEqual([true, false]);
  write(200);
  expect(log.heldBytes).toBeLessThanOrEqual(bounds.heldBytes);
  end();
  const events = await readAll(0);
  const omittedBytes = (220 - (events.length - 1)) * kibibyte;
  expect(events.at(-1)).toMatchObject({ type: "end", truncated: { omittedBytes } });
});

test("a reader that waits is not waited past: the log asks for a pause and keeps what it has", async () => {
  const reading = log.read(0, new AbortController().signal);
  write(1);
  await reading.next();
  write(100);
  expect(pauses).toEqual([true]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(pauses).toEqual([true]);
  for (let index = 0; index < 100; index += 1) expect((await reading.next()).value).toMatchObject({ type: "stdout" });
  expect(pauses).toEqual([true, false]);
  await reading.return();
});

test("a reader that broke off finds the rest when it comes back", async () => {
  const gone = new AbortController();
  const reading = log.read(0, gone.signal);
  write(3);
  await reading.next();
  await reading.return();
  write(100);
  expect(pauses).toEqual([true]);
  end();
  const events = await readAll(1);
  expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 103 }, (_, index) => index + 2));
});
