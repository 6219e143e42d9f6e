const firstPauseMs = 200;
const longestPauseMs = 30_000;

/** The pause between a failure and the next try of what nobody waits for: longer after each failure. */
export class PoolBackoff {
  readonly #onOver: () => void;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(onOver: () => void) {
    this.#onOver = onOver;
  }

  get isPausing(): boolean {
    return this.#timer !== undefined;
  }

  /** Starts a pause, a longer one than the last. */
  pause(): void {
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** this.#failures);
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#onOver();
    }, pauseMs);
    this.#timer.unref();
  }

  /** Ends the pause. The next one is longer still, until {@link reset}: what starts may die at once. */
  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** All is well: the next pause is the shortest, and one that goes on is over. */
  reset(): void {
    const wasPausing = this.isPausing;
    this.end();
    this.#failures = 0;
    if (wasPausing) this.#onOver();
  }
}
