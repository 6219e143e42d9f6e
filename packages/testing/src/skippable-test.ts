import { test } from "vitest";

/** Tests that do not apply, by their names, and why. */
export type Skip = { readonly reason: string; readonly tests: readonly string[] };

/** Declares tests of a shared suite. */
export type SkippableTest = {
  readonly declare: (name: string, body: () => Promise<void> | void) => void;
  /** Called after the last `declare`: a skip that named no test becomes a failing test. */
  readonly finish: () => void;
};

/** Makes the `declare` of a shared suite, which leaves out what `skips` name, visibly and with the reason. */
export function skippableTest(skips: readonly Skip[], timeoutMs: number): SkippableTest {
  const reasons = new Map(skips.flatMap(({ reason, tests }) => tests.map((name) => [name, reason] as const)));
  const unused = new Set(reasons.keys());
  return {
    declare: (name, body) => {
      const reason = reasons.get(name);
      if (reason === undefined) {
        test(name, { timeout: timeoutMs }, body);
        return;
      }
      unused.delete(name);
      test(name, ({ skip }) => skip(reason));
    },
    finish: () => {
      for (const name of unused) {
        test(`the skip ${JSON.stringify(name)} names a test`, () => {
          throw new Error(`no test of this suite is called ${JSON.stringify(name)}; remove the skip or correct it`);
        });
      }
    },
  };
}
