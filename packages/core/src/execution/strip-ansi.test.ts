import { expect, test } from "vitest";
import { stripAnsi } from "./strip-ansi.ts";

const escape = "\u001b";

test.each([
  ["colours", `${escape}[0;31mred${escape}[0m`, "red"],
  ["colours of 256 and 24 bits", `${escape}[38;5;9ma${escape}[38:2::1:2:3mb`, "ab"],
  ["cursor movement and erasing", `a${escape}[2K${escape}[1Ab${escape}[?25l`, "ab"],
  ["titles that end with BEL", `${escape}]0;title\u0007text`, "text"],
  ["links that end with ESC \\", `${escape}]8;;https://example.com${escape}\\link${escape}]8;;${escape}\\`, "link"],
  ["device control strings", `a${escape}P1$r0m${escape}\\b`, "ab"],
  ["character sets and keypad modes", `${escape}(B${escape}=${escape}7text`, "text"],
  ["the one-character introducer", "\u009b31mred\u009b0m", "red"],
  ["a sequence that was cut off", `text${escape}[31`, "text"],
  ["an escape at the end", `text${escape}`, "text"],
])("takes out %s", (_, text, plain) => {
  expect(stripAnsi(text)).toBe(plain);
});

test("text with brackets and no escape stays", () => {
  expect(stripAnsi("x[31m] = a[0]")).toBe("x[31m] = a[0]");
});

test("unfinished strings cost no more than their length", () => {
  const started = performance.now();
  stripAnsi(`${escape}]`.repeat(200_000));
  stripAnsi(`${escape}P`.repeat(200_000));
  stripAnsi(`${escape}[${"1;".repeat(200_000)}`);
  expect(performance.now() - started).toBeLessThan(1000);
});
