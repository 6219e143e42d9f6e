import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Thing, closeStocks, factory, reason, settle } from "./pool-stock.test-support.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(async () => {
  await closeStocks();
  vi.useRealTimers();
});

describe("filling", () => {
  test("resolves when the stock is full, and not before", async () => {
    const { stock, makings } = factory({ byHand: true });
    let isFull = false;
    const filling = stock.fill(undefined).then(() => (isFull = true));
    makings[0]?.resolve();
    await settle();
    expect([isFull, stock.status]).toEqual([false, { ready: 1, creating: 1, waiting: 0 }]);
    makings[1]?.resolve();
    await filling;
    expect(stock.status).toEqual({ ready: 2, creating: 0, waiting: 0 });
  });

  test("rejects with the error of the first that could not be made", async () => {
    const { stock, makings, things } = factory({ byHand: true, size: 3, parallelism: 3 });
    const filling = stock.fill(undefined);
    makings[0]?.resolve();
    makings[1]?.reject(new Error("no engine"));
    await expect(filling).rejects.toThrow("no engine");
    await stock.close(reason);
    expect(things.map(({ isDiscarded }) => isDiscarded)).toEqual([true]);
    expect(makings[2]?.signal.aborted).toBe(true);
  });

  test("is given up by its signal", async () => {
    const { stock } = factory({ byHand: true });
    const abort = new AbortController();
    const filling = stock.fill(abort.signal);
    abort.abort("enough");
    await expect(filling).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
  });

  test("makes no more at once than it may", async () => {
    const { stock, mostAtOnce } = factory({ size: 10, parallelism: 3 });
    await stock.fill(undefined);
    expect(mostAtOnce()).toBe(3);
  });
});

describe("taking", () => {
  test("gives the oldest, and another one is made", async () => {
    const { stock, things } = factory();
    await stock.fill(undefined);
    expect((await stock.take(undefined)).value.number).toBe(0);
    await settle();
    expect(stock.status.ready).toBe(2);
    expect(things).toHaveLength(3);
  });

  test("fifty at once get fifty different things, two made at a time", async () => {
    const { stock, things, mostAtOnce } = factory();
    await stock.fill(undefined);
    const taken = await Promise.all(Array.from({ length: 50 }, () => stock.take(undefined)));
    expect(new Set(taken.map(({ value }) => value)).size).toBe(50);
    await settle();
    expect([stock.status.ready, things.length, mostAtOnce()]).toEqual([2, 52, 2]);
    expect(things.some(({ isDiscarded }) => isDiscarded)).toBe(false);
  });

  test("serves those who wait in the order in which they came", async () => {
    const { stock, makings } = factory({ byHand: true, size: 1, parallelism: 1 });
    const order: string[] = [];
    const takers = ["a", "b"].map((name) => stock.take(undefined).then(() => order.push(name)));
    makings[0]?.resolve();
    await settle();
    makings[1]?.resolve();
    await Promise.all(takers);
    expect(order).toEqual(["a", "b"]);
  });

  test("that finds all well ends a pause, and what was lost meanwhile is made", async () => {
    const { stock, things } = factory();
    await stock.fill(undefined);
    things[0]?.end(new Error("killed"));
    await settle();
    expect(stock.status).toMatchObject({ ready: 1, creating: 0 });
    expect((await stock.take(undefined)).value.number).toBe(1);
    await settle();
    expect(stock.status.ready).toBe(2);
  });

  test("drops what does not answer and gives the next", async () => {
    const { stock, things, warnings } = factory();
    await stock.fill(undefined);
    const [first] = things;
    if (first !== undefined) first.answers = false;
    expect((await stock.take(undefined)).value.number).toBe(1);
    expect(first?.isDiscarded).toBe(true);
    expect(warnings.join()).toContain("thing 0 does not answer");
  });

  test("waits for a new one where none that is ready answers", async () => {
    const { stock, things } = factory();
    await stock.fill(undefined);
    for (const thing of things) thing.answers = false;
    const { value } = await stock.take(undefined);
    expect([value.number > 1, value.answers]).toEqual([true, true]);
  });

  test("an aborted wait leaves nothing: its thing goes to the next", async () => {
    const { stock, makings } = factory({ byHand: true, size: 1, parallelism: 1 });
    const abort = new AbortController();
    const first = stock.take(abort.signal);
    const second = stock.take(undefined);
    abort.abort("gone");
    await expect(first).rejects.toMatchObject({ name: "AbortError", cause: "gone" });
    expect(stock.status.waiting).toBe(1);
    const thing = makings[0]?.resolve();
    expect((await second).value).toBe(thing);
  });

  test("an abort while it is looked at puts the thing back", async () => {
    const abort = new AbortController();
    const { stock, things } = factory({ size: 1, check: () => new Promise(() => undefined) });
    await stock.fill(undefined);
    const taking = stock.take(abort.signal);
    abort.abort();
    await expect(taking).rejects.toMatchObject({ name: "AbortError" });
    await settle();
    expect(stock.status.ready).toBe(1);
    expect(things.filter(({ isDiscarded }) => !isDiscarded)).toHaveLength(1);
  });

  test("more aborted waits than places leave no more than the size", async () => {
    const { stock, makings, things } = factory({ byHand: true, size: 1, parallelism: 3 });
    const abort = new AbortController();
    const takers = [1, 2, 3].map(() => stock.take(abort.signal));
    abort.abort();
    await Promise.allSettled(takers);
    for (const making of makings) making.resolve();
    await settle();
    expect(stock.status).toEqual({ ready: 1, creating: 0, waiting: 0 });
    expect(things.map(({ isDiscarded }) => isDiscarded)).toEqual([false, true, true]);
  });

  test("a signal that is aborted already takes nothing", async () => {
    const { stock } = factory();
    await stock.fill(undefined);
    await expect(stock.take(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(stock.status.ready).toBe(2);
  });

  test("a signal that is aborted already waits for nothing", async () => {
    const { stock } = factory({ byHand: true });
    await expect(stock.take(AbortSignal.abort())).rejects.toMatchObject({ name: "AbortError" });
    expect(stock.status).toEqual({ ready: 0, creating: 0, waiting: 0 });
  });

  test("what is given back goes to the next, or is ready again", async () => {
    const { stock, makings } = factory({ byHand: true, size: 1, parallelism: 1 });
    void stock.fill(undefined);
    makings[0]?.resolve();
    await settle();
    const item = await stock.take(undefined);
    const next = stock.take(undefined);
    stock.giveBack(item);
    expect(await next).toBe(item);
  });
});

describe("closing", () => {
  test("discards what is ready, rejects who waits, and is idempotent", async () => {
    const { stock, things, makings } = factory({ byHand: true, size: 1, parallelism: 1 });
    void stock.fill(undefined);
    makings[0]?.resolve();
    await settle();
    const taken = await stock.take(undefined);
    makings[1]?.resolve();
    await settle();
    await Promise.all([stock.close(reason), stock.close(reason)]);
    await stock.close(reason);
    expect(things.map(({ isDiscarded }) => isDiscarded)).toEqual([false, true]);
    expect(taken.value.isDiscarded).toBe(false);
    await expect(stock.take(undefined)).rejects.toBe(reason);
  });

  test("rejects who waits", async () => {
    const { stock } = factory({ byHand: true });
    const waiting = stock.take(undefined);
    await stock.close(reason);
    await expect(waiting).rejects.toBe(reason);
    expect(stock.status).toEqual({ ready: 0, creating: 0, waiting: 0 });
  });

  test("waits for what arrives late, and discards it", async () => {
    let arrive: (thing: Thing) => void = () => undefined;
    const { stock } = factory({ size: 1, make: () => new Promise<Thing>((resolve) => (arrive = resolve)) });
    void stock.fill(undefined);
    let isClosed = false;
    const closing = stock.close(reason).then(() => (isClosed = true));
    await settle();
    expect(isClosed).toBe(false);
    const late: Thing = { number: 9, answers: true, isDiscarded: false, end: () => undefined };
    arrive(late);
    await closing;
    expect(late.isDiscarded).toBe(true);
  });

  test("while one is looked at discards that one", async () => {
    const { stock, things } = factory({ size: 1, check: () => new Promise(() => undefined) });
    await stock.fill(undefined);
    const taking = stock.take(undefined);
    await stock.close(reason);
    await expect(taking).rejects.toBe(reason);
    expect(things[0]?.isDiscarded).toBe(true);
  });

  test("tries to discard all and then says what could not be", async () => {
    const tried: number[] = [];
    const { stock } = factory({
      discard: ({ number }) => {
        tried.push(number);
        return number === 0 ? Promise.reject(new Error("stuck")) : Promise.resolve();
      },
    });
    await stock.fill(undefined);
    await expect(stock.close(reason)).rejects.toThrow("stuck");
    expect(tried).toEqual([0, 1]);
    await expect(stock.close(reason)).rejects.toThrow("stuck");
  });
});
