import { AbortError } from "./errors/abort-error.ts";

/** Options of {@link withDeadline}. */
export type DeadlineOptions = {
  /** Absent or 0: no limit of time. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What the call rejects with when its time is over. */
  readonly onTimeout?: () => Error;
};

/**
 * Waits for `work`, but no longer than the deadline and not past an abort. The signal that `work` gets is aborted
 * in both cases, with the error that the caller sees as its reason; what `work` does then is its own business.
 */
export async function withDeadline<T>(work: (signal: AbortSignal) => Promise<T>, options: DeadlineOptions): Promise<T> {
  const { timeoutMs = 0, signal, onTimeout = () => new Error(`not done within ${timeoutMs} ms`) } = options;
  throwIfAborted(signal);
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    const stop = (error: Error): void => {
      reject(error);
      controller.abort(error);
    };
    if (timeoutMs > 0) timer = setTimeout(() => stop(onTimeout()), timeoutMs);
    onAbort = () => stop(new AbortError(signal?.reason));
    signal?.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
  }
}

/** For a call that starts something: an abort that came before it leaves nothing to undo. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AbortError(signal.reason);
}

/** Waits for a promise that somebody else makes; an abort rejects the wait only. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  return signal === undefined ? promise : withDeadline(() => promise, { signal });
}

/** The value of the promise, or `undefined` when it takes longer. Never waits longer than that. */
export async function settledWithin<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits, between two tries. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return withDeadline(
    () =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, milliseconds);
      }),
    { signal },
  );
}
