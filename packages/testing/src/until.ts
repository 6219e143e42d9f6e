import { setTimeout as pause } from "node:timers/promises";

/** Options of {@link until}. */
export type UntilOptions = {
  /** What is waited for, in words, for the failure's message. */
  readonly what: string;
  /** @default 15_000 */
  readonly timeoutMs?: number;
  /** @default 20 */
  readonly everyMs?: number;
};

/** Waits for a condition of something that cannot be awaited, and returns what the condition gave. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = 15_000, everyMs = 20 }: UntilOptions,
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await condition();
    if (isMet(value)) return value;
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await pause(everyMs);
  }
}

function isMet<T>(value: T): value is Exclude<T, undefined | null | false> {
  return value !== undefined && value !== null && value !== false;
}
