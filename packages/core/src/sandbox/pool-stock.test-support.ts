import { expect, vi } from "vitest";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { silentLogger } from "../logger.ts";
import { PoolStock, type StockOptions } from "./pool-stock.ts";

/** A thing that a test makes, breaks and ends by hand. */
export type Thing = { readonly number: number; answers: boolean; isDiscarded: boolean; end(error: Error): void };
type Making = { resolve(): Thing; reject(error: Error): void; readonly signal: AbortSignal };

export const reason = new KernelboxError("aborted", "closed");
const stocks: PoolStock<Thing>[] = [];

/** After each test. A stock that says what it could not discard has said so to its test. */
export async function closeStocks(): Promise<void> {
  await Promise.allSettled(stocks.splice(0).map((stock) => stock.close(reason)));
}

/** By hand: things are made when the test says so. Otherwise at once. */
export function factory(overrides: Partial<StockOptions<Thing>> & { readonly byHand?: boolean } = {}) {
  const { byHand = false, ...own } = overrides;
  const things: Thing[] = [];
  const makings: Making[] = [];
  const warnings: string[] = [];
  const touched: number[] = [];
  const ends = new Map<Thing, Promise<Error>>();
  let mostAtOnce = 0;
  let atOnce = 0;
  const stock = new PoolStock<Thing>({
    size: 2,
    parallelism: 2,
    maxAgeMs: 0,
    touchEveryMs: 0,
    make: (signal) => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      return new Promise<Thing>((resolve, reject) => {
        const done = (): void => void (atOnce -= 1);
        const making: Making = {
          signal,
          resolve: () => {
            done();
            const thing = newThing();
            resolve(thing);
            return thing;
          },
          reject: (error) => {
            done();
            reject(error);
          },
        };
        signal.addEventListener("abort", () => making.reject(reason));
        if (byHand) makings.push(making);
        else queueMicrotask(() => making.resolve());
      });
    },
    check: answer,
    touch: (thing) => {
      touched.push(thing.number);
      return answer(thing);
    },
    ended: (thing) => ends.get(thing) ?? new Promise(() => undefined),
    discard: (thing) => {
      expect(thing.isDiscarded).toBe(false);
      thing.isDiscarded = true;
      return Promise.resolve();
    },
    logger: { ...silentLogger, warn: (message, fields) => void warnings.push(`${message} ${JSON.stringify(fields)}`) },
    ...own,
  });
  stocks.push(stock);

  function newThing(): Thing {
    let end: (error: Error) => void = () => undefined;
    const ended = new Promise<Error>((resolve) => (end = resolve));
    const thing: Thing = { number: things.length, answers: true, isDiscarded: false, end };
    ends.set(thing, ended);
    things.push(thing);
    return thing;
  }
  return { stock, things, makings, warnings, touched, mostAtOnce: () => mostAtOnce };
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

function answer({ answers, number }: Thing): Promise<void> {
  return answers ? Promise.resolve() : Promise.reject(new Error(`thing ${number} does not answer`));
}
