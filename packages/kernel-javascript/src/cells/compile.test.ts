import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CellSyntaxError } from "./cell-syntax-error.ts";
import { compileCell } from "./compile.ts";
import { CellBench } from "./evaluate-cells.test-support.ts";
import { isAcceptedByV8 } from "./v8-syntax-error.ts";

let bench: CellBench;
beforeEach(async () => {
  bench = await CellBench.start("javascript");
});
afterEach(() => bench.stop());

describe("the value of a cell", () => {
  test.each([
    ["1 + 1", 2],
    ["await 5", 5],
    ["Promise.resolve(7)", 7],
    ["const p = Promise.resolve(8)\np // a comment", 8],
    ["const p = Promise.resolve(8); p;", 8],
    ["({ then(done) { done(9) } })", expect.anything()],
    ["1; let y = 2", undefined],
    ["for (const x of [1, 2]) x", undefined],
    ["3;;", 3],
    ["", undefined],
    ["// nothing", undefined],
    ['"use strict"\nthis === undefined', false],
    ["`a\nb`", "a\nb"],
    ["let a = 1\nlet b = [a]\nb[0]", 1],
    ["1, 2", 2],
    ["(1, Promise.resolve(3))", 3],
    ["#!/usr/bin/env node\nPromise.resolve(1)", 1],
    ["await new Promise((done) => setTimeout(done, 1)), 4", 4],
    ["𠮷 = 3; let 𠮷𠮷 = 𠮷 + 1; 𠮷𠮷", 4],
    ["010", 8],
    ["with ({ x: 1 }) { var w = x }\nw", 1],
  ])("%j gives %j", async (source, value) => {
    const timers = await CellBench.start("javascript", { setTimeout });
    try {
      expect(await timers.run(source)).toEqual(value);
    } finally {
      timers.stop();
    }
  });

  test("a cell that is an object literal is one", async () => {
    expect(await bench.run("{ a: 1 }")).toEqual({ a: 1 });
    expect(await bench.run(" { a: 1, b: [2] }\n")).toEqual({ a: 1, b: [2] });
    expect(await bench.run("{ let x = 1; x }")).toBeUndefined();
    expect(await bench.run("{}")).toEqual({});
  });
});

describe("declaring again", () => {
  const forms = [
    "let x = 1",
    "const x = 1",
    "var x = 1",
    "class x {}",
    "function x() {}",
    'import x from "node:os"',
    "let { x } = { x: 1 }",
  ];
  const pairs = forms.flatMap((first) => forms.map((second) => [first, second] as const));
  test.each(pairs)("%s, then %s", async (first, second) => {
    await bench.run(first);
    await bench.run(second.replace("1", "2"));
    const value = await bench.run("x");
    if (second.includes("1")) expect(value).toBe(2);
    else expect(typeof value).toBe(second.startsWith("import") ? "object" : "function");
    await bench.run(first);
    await bench.run("x");
  });

  test("a function that takes a variable's name is hoisted as ever", async () => {
    await bench.run("let f = 1, other = 2");
    expect(await bench.run("const early = f(4)\nfunction f(n) { return n * 2 }\nearly")).toBe(8);
    expect(await bench.run("other")).toBe(2);
  });

  test("var statements of all forms take a variable's name", async () => {
    await bench.run("let i, k, a, b; let o = 1");
    expect(await bench.run("for (var i = 0; i < 3; i++);\ni")).toBe(3);
    expect(await bench.run("for (var k of [5, 6]);\nk")).toBe(6);
    expect(await bench.run("var { a, c = 2 } = { a: 1 }, b;\n[a, b, c]")).toEqual([1, undefined, 2]);
    expect(await bench.run("if (true) { var o = 3 }\no")).toBe(3);
  });

  test("a mixture of names that were declared in both ways", async () => {
    await bench.run("let a = 1; var b = 2");
    expect(await bench.run("const { a, b, fresh } = { a: 3, b: 4, fresh: 5 };\n[a, b, fresh]")).toEqual([3, 4, 5]);
    expect(await bench.run('import a, { cpus as b } from "node:os"\ntypeof a + typeof b')).toBe("objectfunction");
  });

  test("a let without a value starts anew", async () => {
    await bench.run("var a = 1; let b = 2");
    expect(await bench.run("let a, b; [a, b]")).toEqual([undefined, undefined]);
  });

  test("what a failed cell did not reach can be declared", async () => {
    await expect(bench.run("const x = null.y")).rejects.toThrow("Cannot read properties");
    expect(await bench.run("const x = 2; x")).toBe(2);
  });

  test("twice in one cell is a syntax error", async () => {
    await expect(bench.run("let a = 1; let a = 2")).rejects.toThrow("Identifier 'a' has already been declared");
  });
});

describe("constants", () => {
  test.each([
    "x = 2",
    "x++",
    "[x] = [2]",
    "({ x } = { x: 2 })",
    "({ y: x = 3 } = {})",
    "for (x of [1]);",
    "(() => { x += 1 })()",
  ])("%s fails, in the same cell and in a later one", async (assignment) => {
    await expect(bench.run(`const x = 1;\n${assignment}`)).rejects.toThrow("Assignment to constant variable.");
    await expect(bench.run(assignment)).rejects.toThrow("Assignment to constant variable.");
    expect(await bench.run("x")).toBe(1);
  });

  test.each([
    "{ let x; x = 2 }",
    "(function (x) { x = 2 })()",
    "(({ x }) => { x = 2 })({})",
    "(() => { var x; { x = 2 } })()",
    "for (let x = 0; x < 2; x++);",
    "try { throw 1 } catch (x) { x = 2 }",
    "switch (1) { case 1: let x; x = 2 }",
    "const o = {}; o.x = 2",
  ])("%s is about another x", async (source) => {
    await bench.run("const x = 1");
    await bench.run(source);
    expect(await bench.run("x")).toBe(1);
  });

  test("a constant that is declared again by let is none any more", async () => {
    await bench.run("const x = 1");
    expect(await bench.run("let x = 2; x = 3; x")).toBe(3);
    expect(await bench.run("x = 4")).toBe(4);
  });
});

describe("imports", () => {
  test("each form binds its names", async () => {
    await bench.run(
      'import os, { EOL as newline, "cpus" as processors } from "node:os"; import * as path from "node:path";\nimport "node:fs"',
    );
    expect(await bench.run("[typeof os.cpus, newline, typeof processors, path.sep]")).toEqual([
      "function",
      "\n",
      "function",
      "/",
    ]);
    expect(bench.imports).toEqual([["node:os", undefined, ["default", "EOL", "cpus"]], ["node:path"], ["node:fs"]]);
  });

  test("attributes are handed on", async () => {
    await expect(bench.run('import data from "./none.json" with { type: "json" }')).rejects.toThrow();
    expect(bench.imports).toEqual([["./none.json", { with: { type: "json" } }, ["default"]]]);
  });

  test("dynamic import and import.meta", async () => {
    expect(await bench.run('(await import("node:path")).sep')).toBe("/");
    expect(await bench.run('import("node:path")')).toHaveProperty("sep");
    expect(await bench.run("import.meta.url")).toBe("file:///cell.js");
  });

  test("an import is no value, and keeps its place among the statements", async () => {
    expect(await bench.run('const first = 1\nimport "node:os"')).toBeUndefined();
    expect(await bench.run('import {\n  EOL,\n} from "node:os"\nnew Error("x").stack.split("\\n")[1]')).toContain(
      ":4:",
    );
  });

  test("exports only lose the word", async () => {
    expect(
      await bench.run("export const a = 1\nexport function b() { return a }\nexport { a as c }\nexport default b()"),
    ).toBe(1);
    expect(
      await bench.run('export { EOL as z } from "node:os"\nexport * as all from "node:os"\nz + typeof all.cpus'),
    ).toBe("\nfunction");
    expect(await bench.run("export default class K { static x = 2 }")).toBeUndefined();
    expect(await bench.run("K.x")).toBe(2);
    expect(await bench.run("export default { a: 1 }")).toEqual({ a: 1 });
    expect(typeof (await bench.run("export default function () {}"))).toBe("function");
  });
});

describe("positions", () => {
  async function placeOf(...sources: string[]): Promise<unknown> {
    let failure: unknown;
    for (const source of sources) await bench.run(source).catch((error: unknown) => (failure = error));
    const match = /(cell-\d+\.js):(\d+):(\d+)/.exec((failure as Error).stack ?? "");
    return bench.cells.get(match?.[1] ?? "")?.originalPosition(Number(match?.[2]), Number(match?.[3]) - 1);
  }

  test.each([
    ["null.x", 1, 5],
    ["const a = 1\n\n  throw new Error('x')", 3, 8],
    ["await fail()\nfunction fail() { throw new Error('x') }", 2, 24],
    ['import { EOL } from "node:os"; null.x', 1, 36],
    ['import {\n  EOL } from "node:os"; null.x', 2, 29],
    ["const x = 1; throw new Error()", 1, 19],
    ["{ a: null.x, b: 1 }", 1, 10],
    ["const c = 1; [1].map(() => { c = 2 })", 1, 31],
  ])("%j fails at %d:%d", async (source, line, column) => {
    expect(await placeOf(source)).toEqual({ line, column });
  });

  test("also where a function had to move", async () => {
    expect(await placeOf("let f", "\n\nf()\nfunction f() {\n  null.x\n}")).toEqual({ line: 5, column: 7 });
  });

  test("a line that is not there has none", () => {
    const cell = compileCell("1", { language: "javascript", cellName: "c", importFunction: "i" });
    expect(cell.originalPosition(9, 0)).toBeUndefined();
  });
});

describe("syntax errors", () => {
  function errorOf(source: string): CellSyntaxError {
    try {
      compileCell(source, { language: "javascript", cellName: "cell-3.js", importFunction: "__import" });
    } catch (error) {
      if (error instanceof CellSyntaxError) return error;
      throw error;
    }
    throw new Error("it parsed");
  }

  test.each([
    ["let a = 1\nlet b = 2\nconst = 5", "Unexpected token '='", 3, 6],
    ["foo(1\nbar", "missing ) after argument list", 1, 4],
    ["foo(", "Unexpected end of input", 1, 4],
    ['const s = "abc', "Invalid or unexpected token", 1, 10],
    ["if (1) {\n  import x from 'y'\n}", "'import' and 'export' may only appear at the top level", 2, 2],
    ["/(/", "Invalid regular expression: /(/: Unterminated group", 1, 0],
    ["return 5", "'return' outside of function", 1, 0],
    ["\n\n\tfoo bar", "Unexpected identifier 'bar'", 3, 5],
  ])("%j", (source, message, line, column) => {
    expect(errorOf(source)).toMatchObject({ name: "SyntaxError", message, line, column });
  });

  test("the excerpt shows the line with a caret", () => {
    expect(errorOf("let a = 1\n\tconst = 5").excerpt).toBe("\tconst = 5\n\t      ^");
    expect(errorOf("let a = 1\n\tconst = 5").stack).toContain("cell-3.js:2\n");
    expect(errorOf(`${"x;".repeat(5000)}const = 5`).excerpt.length).toBeLessThan(400);
  });
});

test.each([10_000, 200_000])("code that is nested %d deep is a syntax error, not a broken kernel", async (levels) => {
  await expect(bench.run("[".repeat(levels) + "]".repeat(levels))).rejects.toThrow("The code is nested too deep");
  expect(await bench.run("1")).toBe(1);
});

test("V8 decides what code is", () => {
  expect(isAcceptedByV8("await 1\nfor await (const x of y) ;")).toBe(true);
  expect(isAcceptedByV8("const = 1")).toBe(false);
});

test("nothing that a cell shadows or breaks matters to the next", async () => {
  await bench.run("var Promise, Object, Array, console, globalThis, require, module; let process = 1, undefined_ = 2");
  await bench.run("function eval() {}; class Symbol {}");
  expect(await bench.run("process + 1")).toBe(2);
});
