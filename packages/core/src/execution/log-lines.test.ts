import { expect, test } from "vitest";
import { LogLines } from "./log-lines.ts";

function lines(...pieces: readonly string[]): readonly string[] {
  const log = new LogLines();
  for (const piece of pieces) log.add(piece);
  return log.lines();
}

test("a line keeps its newline", () => {
  expect(lines("4\n")).toEqual(["4\n"]);
});

test("a last line without a newline is an entry", () => {
  expect(lines("a\nb")).toEqual(["a\n", "b"]);
});

test("empty lines are entries", () => {
  expect(lines("\n\na\n")).toEqual(["\n", "\n", "a\n"]);
});

test("nothing written is no entry", () => {
  expect(lines()).toEqual([]);
  expect(lines("", "")).toEqual([]);
});

test("any cut gives the same lines", () => {
  const whole = "one\ntwo 😀\n\r30%\r40%\nlast";
  for (let size = 1; size <= whole.length; size += 1) {
    const pieces: string[] = [];
    for (let start = 0; start < whole.length; start += size) pieces.push(whole.slice(start, start + size));
    expect(lines(...pieces)).toEqual(["one\n", "two 😀\n", "\r30%\r40%\n", "last"]);
  }
});

test("carriage returns stay: logs are what was written", () => {
  expect(lines("a\r\nb\r")).toEqual(["a\r\n", "b\r"]);
});

test("the lines at one time do not change later", () => {
  const log = new LogLines();
  log.add("a");
  const before = log.lines();
  log.add("b\n");
  expect(before).toEqual(["a"]);
  expect(log.lines()).toEqual(["ab\n"]);
});
