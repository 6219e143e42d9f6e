import { FailureError } from "../failure-error.ts";

/** Work of boxd's own that takes its turn in a queue; nothing else reaches the kernel meanwhile. */
export type Turn = {
  /** Never rejects: who waits for the work is told. */
  readonly run: () => Promise<void>;
  readonly reject: (error: Error) => void;
  readonly survivesLoss: boolean;
};

/** How long work waits for its turn. */
export type TurnOptions = {
  readonly signal?: AbortSignal;
  /** Whether it makes sense with the next kernel as well, or without one. @default false */
  readonly survivesLoss?: boolean;
};

/** Work as a turn, and what comes of it. */
export function turnOf<T>(work: () => Promise<T>, options: TurnOptions): { turn: Turn; done: Promise<T> } {
  let reject: (error: Error) => void = () => undefined;
  let resolve: (value: T) => void = () => undefined;
  const done = new Promise<T>((settle, fail) => {
    [resolve, reject] = [settle, fail];
  });
  const run = (): Promise<void> => work().then(resolve, reject);
  return { turn: { run, reject, survivesLoss: options.survivesLoss === true }, done };
}

/** Why work never got its turn. */
export function contextLost(reason: string): FailureError {
  return new FailureError("context-lost", reason);
}
