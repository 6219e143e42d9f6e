import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import promises from "node:timers/promises";
import { promisify } from "node:util";
import { currentRun, type Run } from "./run.ts";

type Timer = object & { unref?: () => unknown };
type MakeTimer = (...parameters: unknown[]) => Timer;
type TimerName = "setTimeout" | "setInterval" | "setImmediate";
type PromisedOptions = { readonly ref?: boolean; readonly signal?: AbortSignal } | undefined;

const smallestCompaction = 256;
const { apply } = Reflect;
const { clearTimeout, clearImmediate } = timers;

/**
 * Remembers which timers a run has made, so that an interrupt also ends a loop that waits for a timer in each round.
 * (The hooks of `node:async_hooks` see timers too, but make every promise slower.)
 */
export function trackRunTimers(): void {
  const makers = timers as unknown as Record<TimerName, MakeTimer>;
  const promised = promises as unknown as Record<string, (...parameters: unknown[]) => Promise<unknown>>;
  const promisedTimeout = promises.setTimeout;
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) {
    const make = makers[name];
    const tracked = (...parameters: unknown[]): Timer => {
      const timer = apply(make, undefined, parameters);
      remember(currentRun(), timer);
      return timer;
    };
    Object.defineProperty(tracked, "name", { value: name });
    makers[name] = tracked;
    Object.defineProperty(globalThis, name, { value: tracked, writable: true, configurable: true, enumerable: true });
  }
  const trackedTimeout = makers.setTimeout;
  promised["setTimeout"] = async (delay: unknown, value: unknown, options: unknown) => {
    const { ref, signal } = (options as PromisedOptions) ?? {};
    if (signal !== undefined || typeof delay !== "number") {
      return promisedTimeout(delay as number, value, options as PromisedOptions);
    }
    return new Promise((resolve) => {
      const timer = trackedTimeout(resolve, delay, value);
      if (ref === false) timer.unref?.();
    });
  };
  for (const name of ["setTimeout", "setImmediate"] as const) {
    Object.defineProperty(makers[name], promisify.custom, { enumerable: true, get: () => promised[name] });
  }
  syncBuiltinESMExports();
}

/** Clears all timers that a run has made and that have not fired. */
export function clearRunTimers(run: Run): void {
  for (let index = 0; index < run.timers.length; index += 1) {
    const timer = run.timers[index] as never;
    clearTimeout(timer);
    clearImmediate(timer);
  }
  run.timers = [];
}

function remember(run: Run, timer: Timer): void {
  if (run.timers.length >= run.timersLimit) forgetFinished(run);
  run.timers[run.timers.length] = timer;
}

function forgetFinished(run: Run): void {
  const kept: object[] = [];
  for (let index = 0; index < run.timers.length; index += 1) {
    const timer = run.timers[index] as object;
    if (!isFinished(timer)) kept[kept.length] = timer;
  }
  run.timers = kept;
  run.timersLimit = kept.length * 2 < smallestCompaction ? smallestCompaction : kept.length * 2;
}

/** Node has no other word for it. */
function isFinished(timer: object): boolean {
  return (timer as Readonly<Record<string, unknown>>)["_destroyed"] === true;
}
