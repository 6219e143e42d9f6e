import { setMaxListeners } from "node:events";
import { abortable, throwIfAborted } from "../deadline.ts";
import { AbortError } from "../errors/abort-error.ts";
import type { KernelboxError } from "../errors/kernelbox-error.ts";
import type { Logger } from "../logger.ts";
import { PoolBackoff } from "./pool-backoff.ts";
import type { SandboxPoolStatus } from "./pool-options.ts";
import { StockItem } from "./stock-item.ts";

/** How a {@link PoolStock} makes, looks at and ends what it holds. */
export type StockOptions<T> = {
  readonly size: number;
  readonly parallelism: number;
  /** 0: they do not age. */
  readonly maxAgeMs: number;
  /** How often a ready one is touched. 0: never. */
  readonly touchEveryMs: number;
  readonly make: (signal: AbortSignal) => Promise<T>;
  /** Whether it answers, in bounded time. Rejects: it is dropped. */
  readonly check: (value: T, signal: AbortSignal) => Promise<void>;
  /** The same where nobody waits for the answer. Keeps it alive. */
  readonly touch: (value: T, signal: AbortSignal) => Promise<void>;
  /** Resolves when it has ended by itself, with why. Never rejects. */
  readonly ended: (value: T) => Promise<Error>;
  readonly discard: (value: T) => Promise<void>;
  readonly logger: Logger;
};

type Waiter<T> = { readonly give: (item: StockItem<T>) => void; readonly fail: (error: unknown) => void };

/** Things that are made before they are asked for. Each is handed out once, to one caller, or discarded. */
export class PoolStock<T> {
  readonly #options: StockOptions<T>;
  /** The oldest first. */
  readonly #ready: StockItem<T>[] = [];
  /** In the order in which they came. */
  readonly #waiters = new Set<Waiter<T>>();
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();
  readonly #backoff = new PoolBackoff(() => this.#refill());
  #making = 0;
  #lastError: Error | undefined;
  #closed: KernelboxError | undefined;
  #draining: Promise<void> | undefined;
  #filling: { readonly done: () => void; readonly fail: (error: unknown) => void } | undefined;

  constructor(options: StockOptions<T>) {
    this.#options = options;
    // Everything that is under way listens to it: not a leak.
    setMaxListeners(0, this.#closing.signal);
  }

  get status(): SandboxPoolStatus {
    return {
      ready: this.#ready.length,
      creating: this.#making,
      waiting: this.#waiters.size,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError }),
    };
  }

  /** Called once, before anything else. Rejects as soon as one could not be made; the caller closes the stock then. */
  fill(signal: AbortSignal | undefined): Promise<void> {
    const full = new Promise<void>((resolve, reject) => {
      this.#filling = { done: resolve, fail: reject };
    });
    this.#refill();
    return abortable(full, signal);
  }

  /** The oldest one that answers, or the next one that is made. */
  async take(signal: AbortSignal | undefined): Promise<StockItem<T>> {
    for (;;) {
      throwIfAborted(signal);
      if (this.#closed !== undefined) throw this.#closed;
      const item = this.#ready.shift();
      if (item === undefined) return this.#wait(signal);
      item.stop();
      this.#refill();
      if (await this.#track(this.#isFit(item, signal))) return item;
    }
  }

  /** For one that was taken and not used. */
  giveBack(item: StockItem<T>): void {
    this.#arrived(item);
    this.#refill();
  }

  /** Ends it all: what waits is rejected with `reason`. Resolves when nothing is left; rejects when something is. Idempotent. */
  close(reason: KernelboxError): Promise<void> {
    this.#draining ??= this.#drain(reason);
    return this.#draining;
  }

  #wait(signal: AbortSignal | undefined): Promise<StockItem<T>> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters.delete(waiter);
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter<T> = {
        give: (item) => {
          leave();
          resolve(item);
        },
        fail: (error) => {
          leave();
          reject(error);
        },
      };
      const onAbort = (): void => waiter.fail(new AbortError(signal?.reason));
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#refill();
    });
  }

  /** False: it was discarded. On an abort it goes to the next, since nothing is wrong with it. */
  async #isFit(item: StockItem<T>, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      const either = AbortSignal.any([this.#closing.signal, ...(signal === undefined ? [] : [signal])]);
      await abortable(this.#options.check(item.value, either), either);
      this.#backoff.reset();
      return true;
    } catch (error) {
      if (this.#closed === undefined && signal?.aborted === true) {
        this.giveBack(item);
        throw new AbortError(signal.reason);
      }
      if (this.#closed === undefined) this.#lost(error);
      await this.#discard(item);
      return false;
    }
  }

  #refill(): void {
    if (this.#closed !== undefined) return;
    const { size, parallelism } = this.#options;
    const fresh = this.#ready.filter((item) => !item.isAging).length;
    // Who waits does not wait for a pause to end.
    const wanted = this.#waiters.size + (this.#backoff.isPausing ? 0 : size);
    while (this.#making < parallelism && fresh + this.#making < wanted) void this.#track(this.#makeOne());
  }

  async #makeOne(): Promise<void> {
    this.#making += 1;
    try {
      const value = await this.#options.make(this.#closing.signal);
      this.#making -= 1;
      this.#backoff.end();
      this.#arrived(new StockItem(value));
    } catch (error) {
      this.#making -= 1;
      this.#failed(error);
    }
    this.#refill();
  }

  #arrived(item: StockItem<T>): void {
    const { size } = this.#options;
    const [waiter] = this.#waiters;
    if (this.#closed !== undefined) void this.#track(this.#discard(item));
    else if (waiter !== undefined) waiter.give(item);
    else if (this.#ready.filter(({ isAging }) => !isAging).length >= size) void this.#track(this.#discard(item));
    else this.#store(item);
  }

  #store(item: StockItem<T>): void {
    const { size, maxAgeMs, touchEveryMs, touch, ended } = this.#options;
    this.#ready.push(item);
    item.start({
      maxAgeMs,
      touchEveryMs,
      onAging: () => this.#refill(),
      onExpired: () => this.#drop(item),
      onTouch: () =>
        touch(item.value, this.#closing.signal).then(
          () => this.#backoff.reset(),
          (error: unknown) => this.#drop(item, error),
        ),
    });
    void ended(item.value).then((error) => this.#drop(item, error));
    if (this.#ready.length > size) this.#drop(this.#ready.find(({ isAging }) => isAging));
    if (this.#ready.length < size) return;
    this.#lastError = undefined;
    this.#filling?.done();
    this.#filling = undefined;
  }

  /** Takes it out, unless it was handed out already. */
  #drop(item: StockItem<T> | undefined, error?: unknown): void {
    const index = item === undefined ? -1 : this.#ready.indexOf(item);
    if (item === undefined || index === -1) return;
    this.#ready.splice(index, 1);
    item.stop();
    if (error !== undefined) this.#lost(error);
    void this.#track(this.#discard(item));
    this.#refill();
  }

  #failed(error: unknown): void {
    if (this.#closed !== undefined) return;
    this.#note("a sandbox could not be made", error);
    const [waiter] = this.#waiters;
    waiter?.fail(error);
    this.#filling?.fail(error);
    this.#filling = undefined;
  }

  #lost(error: unknown): void {
    this.#note("a ready sandbox was lost", error);
  }

  #note(what: string, error: unknown): void {
    this.#lastError = error instanceof Error ? error : new Error(String(error));
    this.#options.logger.warn(what, { error: String(error) });
    this.#backoff.pause();
  }

  async #discard(item: StockItem<T>): Promise<void> {
    try {
      await this.#options.discard(item.value);
    } catch (error) {
      this.#options.logger.warn("a sandbox of the pool could not be stopped", { error: String(error) });
      if (this.#closed !== undefined) this.#lastError ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  async #drain(reason: KernelboxError): Promise<void> {
    this.#closed = reason;
    this.#lastError = undefined;
    this.#closing.abort(reason);
    this.#backoff.end();
    for (const waiter of [...this.#waiters]) waiter.fail(reason);
    for (const item of this.#ready.splice(0)) {
      item.stop();
      void this.#track(this.#discard(item));
    }
    while (this.#underWay.size > 0) await Promise.allSettled([...this.#underWay]);
    if (this.#lastError !== undefined) throw this.#lastError;
  }

  /** What `close` waits for. */
  #track<R>(work: Promise<R>): Promise<R> {
    this.#underWay.add(work);
    const forget = (): void => void this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }
}
