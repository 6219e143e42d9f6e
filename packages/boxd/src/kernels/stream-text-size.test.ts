import { describe, expect, test } from "vitest";
import { streamTextSize } from "./stream-text-size.ts";

const texts = [
  "",
  "plain\n",
  'quo"te\\ \b\f\r\t/',
  "é ß 漢字 😀",
  "\u0000\u001b[0m",
  "\ud800 lone",
  "\udc00\ud800",
  "😀".repeat(3),
  `${"long ".repeat(100)}\n${"x".repeat(128)}"${"x".repeat(127)}\\${"é".repeat(200)}`,
  "x".repeat(129),
];

/** As Python writes it with `ensure_ascii`. */
function escaped(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

describe("the size of a stream's text", () => {
  test.each(texts)("is that of its UTF-8, however it is written: %j", (text) => {
    const size = Buffer.byteLength(text);
    expect(streamTextSize(Buffer.from(JSON.stringify({ name: "stdout", text })))).toBe(size);
    expect(streamTextSize(Buffer.from(`{"name": "stderr", "text": ${JSON.stringify(text)}}`))).toBe(size);
    expect(streamTextSize(Buffer.from(`{"name": "stderr", "text": ${escaped(text)}}`))).toBe(size);
  });

  test.each([
    ["another order", '{"text": "a", "name": "stdout"}'],
    ["another key behind it", '{"name": "stdout", "text": "a", "more": "b"}'],
    ["another key behind long text", `{"name": "stdout", "text": "${"a".repeat(500)}", "more": "${"b".repeat(500)}"}`],
    ["another type", '{"name": "stdout", "text": 1}'],
    ["white space at the end", '{"name": "stdout", "text": "a" }'],
    ["no JSON", '{"name": "stdout", "text": "'],
    ["nothing", ""],
  ])("is not guessed for %s", (_, content) => {
    expect(streamTextSize(Buffer.from(content))).toBeUndefined();
  });
});
