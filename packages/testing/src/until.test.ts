import { describe, expect, test } from "vitest";
import { until } from "./until.ts";

describe("until", () => {
  test("gives what the condition gave", async () => {
    let calls = 0;
    expect(await until(() => (++calls === 3 ? "there" : undefined), { what: "the third call" })).toBe("there");
  });

  test("says what it waited for", async () => {
    await expect(until(() => false, { what: "the impossible", timeoutMs: 30 })).rejects.toThrow(
      /the impossible.*30 ms/,
    );
  });
});
