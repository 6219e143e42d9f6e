import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ReadyBox, checkReadyBox, touchReadyBox } from "./ready-box.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A box whose list of contexts the test answers. */
function readyBox(list: () => Promise<readonly { status: string; language: string; id: string }[]>): ReadyBox {
  return { connection: { box: { id: "b1" } }, contexts: { list } } as unknown as ReadyBox;
}

const { signal } = new AbortController();

test("a box that answers and whose kernels live is fit", async () => {
  const box = readyBox(() => Promise.resolve([{ status: "idle", language: "python", id: "c1" }]));
  await expect(checkReadyBox(box, signal)).resolves.toBeUndefined();
});

test("a box whose kernel is dead is not", async () => {
  const box = readyBox(() => Promise.resolve([{ status: "dead", language: "python", id: "c1" }]));
  await expect(checkReadyBox(box, signal)).rejects.toMatchObject({
    code: "context-lost",
    details: { contextId: "c1" },
  });
});

test.each([
  ["who waits", checkReadyBox, 3000],
  ["nobody", touchReadyBox, 15_000],
] as const)("a box that does not answer is not, in bounded time, for %s", async (_, check, timeoutMs) => {
  let failure: unknown;
  void check(
    readyBox(() => new Promise(() => undefined)),
    signal,
  ).catch((error: unknown) => (failure = error));
  await vi.advanceTimersByTimeAsync(timeoutMs - 1);
  expect(failure).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1);
  expect(failure).toMatchObject({ code: "tunnel-lost", details: { boxId: "b1" } });
});
