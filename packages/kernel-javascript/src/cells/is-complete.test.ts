import { beforeAll, describe, expect, test } from "vitest";
import { type CellLanguage, prepareLanguage } from "./cell-language.ts";
import { isCompleteCell } from "./is-complete.ts";

beforeAll(() => prepareLanguage("typescript"));

const languages: readonly CellLanguage[] = ["javascript", "typescript"];

describe.each(languages)("%s", (language) => {
  test.each([
    "1 + 1",
    "",
    "let x = {}",
    "await f()",
    "{ a: 1, b: 2 }",
    "function f() {\n  return 1\n}",
    'import x from "y"',
    "`a\nb`",
    "// only",
  ])("%j is complete", (source) =>
    expect(isCompleteCell(source, language)).toEqual({ status: "complete", indent: "" }),
  );

  test.each([
    ["function f() {", "  "],
    ["if (x) {\n  y(", "    "],
    ["const f = () =>", "  "],
    ["1 +", ""],
    ["`abc", ""],
    ["/* abc", ""],
    ["foo(1,\n\t[", "\t\t"],
    ["class A", ""],
    ["let x = // so", ""],
    ["const s = 'abc\\", ""],
    ["{ a: 1,", ""],
    ["try {}", ""],
  ])("%j is incomplete", (source, indent) => {
    expect(isCompleteCell(source, language)).toEqual({ status: "incomplete", indent });
  });

  test.each(["let let = 1", "foo)", "'abc", "const = 1", "a b", "return 1", "let x; let x"])(
    "%j is invalid",
    (source) => {
      expect(isCompleteCell(source, language).status).toBe("invalid");
    },
  );
});

test("TypeScript's own syntax", () => {
  expect(isCompleteCell("let x: number = <T,>(", "typescript").status).toBe("incomplete");
  expect(isCompleteCell("interface A {", "typescript")).toEqual({ status: "incomplete", indent: "  " });
  expect(isCompleteCell("const a = <b>", "typescript").status).toBe("incomplete");
  expect(isCompleteCell("enum E { A }", "typescript").status).toBe("complete");
  expect(isCompleteCell("enum E { A }", "javascript").status).toBe("invalid");
});
