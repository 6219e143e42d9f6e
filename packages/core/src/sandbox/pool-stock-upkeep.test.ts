import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { closeStocks, factory, settle } from "./pool-stock.test-support.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await closeStocks();
  vi.useRealTimers();
});

describe("failures", () => {
  test("reject who waits with the real error, one for each that failed", async () => {
    const { stock, makings } = factory({ byHand: true, size: 1, parallelism: 1 });
    const first = stock.take(undefined);
    const second = stock.take(undefined);
    const error = new KernelboxError("image-not-found", "no image");
    makings[0]?.reject(error);
    await expect(first).rejects.toBe(error);
    const thing = makings[1]?.resolve();
    expect((await second).value).toBe(thing);
  });

  test("that nobody waits for are logged, kept, and tried again after longer and longer pauses", async () => {
    const { stock, makings, warnings } = factory({ byHand: true, size: 1 });
    void stock.fill(undefined).catch(() => undefined);
    const error = new Error("no engine");
    makings[0]?.reject(error);
    await settle();
    expect(stock.status).toEqual({ ready: 0, creating: 0, waiting: 0, lastError: error });
    expect(warnings.join()).toContain("no engine");
    await vi.advanceTimersByTimeAsync(199);
    expect(makings).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    makings[1]?.reject(error);
    await vi.advanceTimersByTimeAsync(399);
    expect(makings).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);
    makings[2]?.resolve();
    await settle();
    expect(stock.status).toEqual({ ready: 1, creating: 0, waiting: 0 });
  });

  test("make nobody wait for a pause to end", async () => {
    const { stock, makings } = factory({ byHand: true, size: 1 });
    void stock.fill(undefined).catch(() => undefined);
    makings[0]?.reject(new Error("no engine"));
    await settle();
    const taking = stock.take(undefined);
    expect(makings).toHaveLength(2);
    const thing = makings[1]?.resolve();
    expect((await taking).value).toBe(thing);
  });

  test("are over as soon as one can be made again", async () => {
    const { stock, makings } = factory({ byHand: true, size: 1 });
    void stock.fill(undefined).catch(() => undefined);
    makings[0]?.reject(new Error("no engine"));
    await settle();
    const taking = stock.take(undefined);
    makings[1]?.resolve();
    await taking;
    // No time has passed, and the stock is being filled.
    expect(makings).toHaveLength(3);
  });

  test("of what dies as soon as it is ready are pauses too", async () => {
    const { stock, makings, things } = factory({ byHand: true, size: 1 });
    void stock.fill(undefined);
    for (let round = 0; round < 6; round += 1) {
      makings[round]?.resolve().end(new Error("crashed"));
      await settle();
      expect([stock.status.ready, stock.status.lastError?.message]).toEqual([0, "crashed"]);
      await vi.advanceTimersByTimeAsync(200 * 2 ** round - 1);
      expect(makings).toHaveLength(round + 1);
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(things.every(({ isDiscarded }) => isDiscarded)).toBe(true);
  });
});

describe("age", () => {
  test("what dies while it is ready is replaced", async () => {
    const { stock, things } = factory();
    await stock.fill(undefined);
    things[0]?.end(new Error("crashed"));
    await vi.advanceTimersByTimeAsync(200);
    expect(stock.status.ready).toBe(2);
    expect([(await stock.take(undefined)).value.number, (await stock.take(undefined)).value.number]).toEqual([1, 2]);
  });

  test("what gets old is replaced before it is too old, and dropped then", async () => {
    const { stock, things, makings } = factory({ byHand: true, size: 1, maxAgeMs: 1000 });
    void stock.fill(undefined);
    makings[0]?.resolve();
    await vi.advanceTimersByTimeAsync(890);
    expect(makings).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20);
    expect([makings.length, stock.status.ready]).toEqual([2, 1]);
    makings[1]?.resolve();
    await settle();
    expect([stock.status.ready, things[0]?.isDiscarded]).toEqual([1, true]);
  });

  test("what is too old is never handed out, also where nothing replaces it", async () => {
    const { stock, things, makings } = factory({ byHand: true, size: 1, maxAgeMs: 1000 });
    void stock.fill(undefined);
    makings[0]?.resolve();
    await vi.advanceTimersByTimeAsync(1000);
    expect([stock.status.ready, things[0]?.isDiscarded]).toEqual([0, true]);
  });

  test("what was given back is no younger", async () => {
    const { stock, things, makings } = factory({ byHand: true, size: 1, maxAgeMs: 1000 });
    void stock.fill(undefined);
    makings[0]?.resolve();
    await settle();
    const item = await stock.take(undefined);
    await vi.advanceTimersByTimeAsync(600);
    stock.giveBack(item);
    await vi.advanceTimersByTimeAsync(390);
    expect(things[0]?.isDiscarded).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    expect(things[0]?.isDiscarded).toBe(true);
  });

  test("what was handed out is no longer looked at, and never discarded", async () => {
    const { stock, touched, things } = factory({ size: 1, maxAgeMs: 1000, touchEveryMs: 100 });
    await stock.fill(undefined);
    await stock.take(undefined);
    touched.length = 0;
    await vi.advanceTimersByTimeAsync(5000);
    expect(touched).not.toContain(0);
    expect(things[0]?.isDiscarded).toBe(false);
  });

  test("what is ready is used in time, and dropped where it does not answer", async () => {
    const { stock, things, touched } = factory({ size: 1, touchEveryMs: 100 });
    await stock.fill(undefined);
    await vi.advanceTimersByTimeAsync(350);
    expect(touched).toEqual([0, 0, 0]);
    const [first] = things;
    if (first !== undefined) first.answers = false;
    await vi.advanceTimersByTimeAsync(100);
    expect(first?.isDiscarded).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(stock.status.ready).toBe(1);
  });
});
