/** Node's timers take no more than this. */
const longestTimerMs = 2_147_483_647;
/** From this part of its age on, an item is being replaced. */
const agingPart = 0.9;

/** What happens to an item while it lies in the stock. */
export type StockClock = {
  /** 0: it does not age. */
  readonly maxAgeMs: number;
  /** 0: never. */
  readonly touchEveryMs: number;
  /** Time to make the one that replaces it. */
  readonly onAging: () => void;
  /** Too old to be handed out. */
  readonly onExpired: () => void;
  /** Its turn to be looked at; the next turn comes that long after this one is over. */
  readonly onTouch: () => Promise<void>;
};

/** One thing in a stock, with its age. */
export class StockItem<T> {
  readonly value: T;
  readonly #madeAtMs = performance.now();
  #timers: NodeJS.Timeout[] = [];
  #touching: NodeJS.Timeout | undefined;
  #isAging = false;

  constructor(value: T) {
    this.value = value;
  }

  /** It is being replaced. */
  get isAging(): boolean {
    return this.#isAging;
  }

  /** It lies in the stock from now on. The timers keep no process alive. */
  start(clock: StockClock): void {
    const { maxAgeMs, touchEveryMs, onTouch } = clock;
    if (maxAgeMs > 0) {
      this.#at(maxAgeMs * agingPart, () => {
        this.#isAging = true;
        clock.onAging();
      });
      this.#at(maxAgeMs, clock.onExpired);
    }
    if (touchEveryMs > 0) this.#touchIn(touchEveryMs, onTouch);
  }

  /** It left the stock. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    clearTimeout(this.#touching);
    this.#touching = undefined;
  }

  #at(ageMs: number, then: () => void): void {
    const leftMs = this.#madeAtMs + ageMs - performance.now();
    this.#timers.push(setTimeout(then, clamp(leftMs)).unref());
  }

  #touchIn(everyMs: number, touch: () => Promise<void>): void {
    const timer = setTimeout(() => {
      void touch().finally(() => {
        if (this.#touching === timer) this.#touchIn(everyMs, touch);
      });
    }, clamp(everyMs));
    this.#touching = timer.unref();
  }
}

function clamp(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, 0), longestTimerMs);
}
