import { expect, test } from "vitest";
import { AsyncQueue } from "./async-queue.ts";

async function collect<T>(queue: AsyncQueue<T>): Promise<T[]> {
  const values: T[] = [];
  for await (const value of queue) values.push(value);
  return values;
}

test("values pushed before the consumer starts are delivered in order", async () => {
  const queue = new AsyncQueue<number>();
  queue.push(1);
  queue.push(2);
  queue.end();
  expect(await collect(queue)).toEqual([1, 2]);
});

test("a consumer that breaks out is told once, and later pushes are refused", async () => {
  let left = 0;
  const queue = new AsyncQueue<number>({ onLeave: () => (left += 1) });
  queue.push(1);
  queue.push(2);
  for await (const value of queue) {
    expect(value).toBe(1);
    break;
  }
  expect(left).toBe(1);
  expect(queue.push(3)).toBe(false);
});

test("a consumer that reads to the end has not left", async () => {
  let left = 0;
  const queue = new AsyncQueue<number>({ onLeave: () => (left += 1) });
  queue.push(1);
  queue.end();
  await collect(queue);
  expect(left).toBe(0);
});

test("values before an error are delivered, then the error, then the end", async () => {
  const queue = new AsyncQueue<number>();
  queue.push(1);
  queue.fail(new Error("broken"));
  expect(await queue.next()).toEqual({ done: false, value: 1 });
  await expect(queue.next()).rejects.toThrow("broken");
  expect(await queue.next()).toEqual({ done: true, value: undefined });
});

test("a waiting consumer is woken by a push, an end and an error", async () => {
  const pushed = new AsyncQueue<number>();
  const value = pushed.next();
  pushed.push(7);
  expect(await value).toEqual({ done: false, value: 7 });
  const ended = new AsyncQueue<number>();
  const end = ended.next();
  ended.end();
  expect(await end).toEqual({ done: true, value: undefined });
  const failed = new AsyncQueue<number>();
  const error = failed.next();
  failed.fail(new Error("broken"));
  await expect(error).rejects.toThrow("broken");
});

test("late pushes are dropped", async () => {
  const queue = new AsyncQueue<number>();
  queue.end();
  expect(queue.push(1)).toBe(false);
  expect(await collect(queue)).toEqual([]);
});

test("a slow consumer gets all of 5,000 values in order", async () => {
  const queue = new AsyncQueue<number>();
  for (let index = 0; index < 5000; index += 1) queue.push(index);
  const values: number[] = [];
  for (let index = 0; index < 5000; index += 1) {
    const result = await queue.next();
    if (result.done !== true) values.push(result.value);
    if (index === 2000) queue.push(5000);
  }
  expect(values).toEqual(Array.from({ length: 5000 }, (_, index) => index));
  expect(queue.size).toBe(1);
});

test("an abort ends only the wait; the value that comes later is there", async () => {
  const queue = new AsyncQueue<number>();
  const controller = new AbortController();
  const waiting = queue.next({ signal: controller.signal });
  controller.abort("enough");
  await expect(waiting).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
  queue.push(1);
  expect(await queue.next()).toEqual({ done: false, value: 1 });
});
