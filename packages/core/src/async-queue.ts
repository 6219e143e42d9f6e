import { AbortError } from "./errors/abort-error.ts";

/** Options of an {@link AsyncQueue}. */
export type AsyncQueueOptions = {
  /** Called once when a consumer leaves its `for await` before the end. */
  readonly onLeave?: () => void;
};

type Waiter<T> = {
  readonly resolve: (result: IteratorResult<T, undefined>) => void;
  readonly reject: (error: unknown) => void;
};

const done: IteratorReturnResult<undefined> = { done: true, value: undefined };

/** Where what is pushed becomes what is pulled. One consumer at a time; unbounded, so that a push never waits. */
export class AsyncQueue<T> implements AsyncIterable<T> {
  readonly #options: AsyncQueueOptions;
  #values: T[] = [];
  #head = 0;
  #waiter: Waiter<T> | undefined;
  #end: { readonly error: unknown } | undefined;

  constructor(options: AsyncQueueOptions = {}) {
    this.#options = options;
  }

  /** Values that nobody took yet. */
  get size(): number {
    return this.#values.length - this.#head;
  }

  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Adds a value. After the end it is dropped, and the answer is `false`. */
  push(value: T): boolean {
    if (this.#end !== undefined) return false;
    const waiter = this.#waiter;
    if (waiter === undefined) {
      this.#values.push(value);
    } else {
      this.#waiter = undefined;
      waiter.resolve({ done: false, value });
    }
    return true;
  }

  /** No more values: a consumer gets those that are there, then the end. */
  end(): void {
    this.#finish({ error: undefined });
  }

  /** A consumer gets the values that are there, then this error. */
  fail(error: unknown): void {
    this.#finish({ error: error ?? new Error("the queue failed") });
  }

  /** Ends the queue and gives what nobody took. */
  close(): readonly T[] {
    const left = this.#values.slice(this.#head);
    this.#values = [];
    this.#head = 0;
    this.end();
    return left;
  }

  /** The next value. An abort rejects only this wait; no value is lost by it. */
  next(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<IteratorResult<T, undefined>> {
    const { signal } = options;
    if (signal?.aborted === true) return Promise.reject(new AbortError(signal.reason));
    if (this.#head < this.#values.length) return Promise.resolve({ done: false, value: this.#shift() });
    if (this.#end !== undefined) return this.#end.error === undefined ? Promise.resolve(done) : this.#rejection();
    if (this.#waiter !== undefined) return Promise.reject(new TypeError("an AsyncQueue has one consumer at a time"));
    return new Promise((resolve, reject) => {
      if (signal === undefined) {
        this.#waiter = { resolve, reject };
        return;
      }
      const onAbort = (): void => {
        this.#waiter = undefined;
        reject(new AbortError(signal.reason));
      };
      signal.addEventListener("abort", onAbort, { once: true });
      const settle = <A>(settler: (argument: A) => void): ((argument: A) => void) => {
        return (argument) => {
          signal.removeEventListener("abort", onAbort);
          settler(argument);
        };
      };
      this.#waiter = { resolve: settle(resolve), reject: settle(reject) };
    });
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return {
      next: () => this.next(),
      return: () => {
        const isEarly = this.#end === undefined || this.size > 0;
        this.close();
        if (isEarly) this.#options.onLeave?.();
        return Promise.resolve(done);
      },
    };
  }

  #shift(): T {
    const value = this.#values[this.#head] as T;
    this.#head += 1;
    if (this.#head === this.#values.length) {
      this.#values = [];
      this.#head = 0;
    } else if (this.#head === 1024) {
      // Dropping what was taken in steps keeps a long queue linear; `shift()` alone would move all of it each time.
      this.#values = this.#values.slice(1024);
      this.#head = 0;
    }
    return value;
  }

  #finish(end: { readonly error: unknown }): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    if (end.error === undefined) waiter?.resolve(done);
    else waiter?.reject(end.error);
  }

  /** An error is thrown once; who asks again is at the end, as with a generator. */
  #rejection(): Promise<never> {
    const error = this.#end?.error;
    this.#end = { error: undefined };
    return Promise.reject(error);
  }
}
