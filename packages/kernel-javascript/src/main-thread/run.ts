import { AsyncLocalStorage } from "node:async_hooks";

/** One run of a cell, as everything that the cell has started knows it. */
export type Run = {
  readonly id: number;
  readonly stdin: "ask" | "none" | "text";
  isRunning: boolean;
  /** Ends the run with an error, whatever its code still waits for. */
  fail: (error: unknown) => void;
  /** What it has made, finished ones among them, until there are `timersLimit`. */
  timers: object[];
  timersLimit: number;
  /** Its value, if that cannot be awaited. */
  kept?: { readonly value: unknown };
};

const { apply } = Reflect;
const storage = new AsyncLocalStorage<Run>();
const getStore = storage.getStore.bind(storage);
const storageRun = storage.run;
let last: Run = makeRun(0, "none");

export function makeRun(id: number, stdin: Run["stdin"]): Run {
  return { id, stdin, isRunning: false, fail: () => undefined, timers: [], timersLimit: 256 };
}

/** The run whose code is running: the one that made the timer, promise or handle that called; else the last. */
export function currentRun(): Run {
  return getStore() ?? last;
}

/** Calls `body` so that everything it starts belongs to `run`, which is the last one from now on. */
export function inRun<T>(run: Run, body: () => T): T {
  last = run;
  return apply(storageRun, storage, [run, body]) as T;
}
