import inspector from "node:inspector";
import { setTimeout as delay } from "node:timers/promises";

const wakeMs = 5;

/** Stops JavaScript that the main thread runs, from this thread. */
export class Terminator {
  readonly #session = new inspector.Session();
  readonly #prepare: string;
  readonly #wake: () => void;

  /**
   * `prepare` is the global function to call before the stop. `wake` makes the main thread run some code that may be
   * stopped in the place of the user's.
   */
  constructor(prepare: string, wake: () => void) {
    this.#prepare = prepare;
    this.#wake = wake;
    this.#session.connectToMainThread();
  }

  /**
   * Stops what runs now. Resolves when nothing is left of the request: one that finds the main thread at rest would stop
   * the next code that comes, so it is given some.
   */
  async terminate(): Promise<void> {
    const state = { isDone: false };
    this.#session.post("Runtime.evaluate", { expression: `${this.#prepare}()`, silent: true });
    this.#session.post("Runtime.terminateExecution", () => (state.isDone = true));
    await delay(wakeMs);
    while (!state.isDone) {
      this.#wake();
      await delay(wakeMs);
    }
  }

  close(): void {
    this.#session.disconnect();
  }
}
