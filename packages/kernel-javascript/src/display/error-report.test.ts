import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CellSyntaxError } from "../cells/cell-syntax-error.ts";
import { CellBench } from "../cells/evaluate-cells.test-support.ts";
import { type ErrorReport, errorReport } from "./error-report.ts";

let bench: CellBench;
beforeEach(async () => {
  bench = await CellBench.start("typescript", { setTimeout });
});
afterEach(() => bench.stop());

const isKernelFrame = (frame: string): boolean => /vitest|evaluate-cells|error-report\.test/.test(frame);

async function reportOf(...cells: string[]): Promise<ErrorReport> {
  let report: ErrorReport | undefined;
  for (const source of cells) {
    await bench.run(source).catch((error: unknown) => {
      report = errorReport(error, { cells: bench.cells, cellName: `cell-${bench.cells.size}.js`, isKernelFrame });
    });
  }
  if (report === undefined) throw new Error("nothing was thrown");
  return report;
}

test("the line with a caret, the error, the user's frames only", async () => {
  const report = await reportOf("function fail(x: number) {\n  throw new TypeError(`bad ${x}`)\n}\n\nfail(1)");
  expect(report).toEqual({
    ename: "TypeError",
    evalue: "bad 1",
    traceback: [
      "cell-1.js:2",
      "  throw new TypeError(`bad ${x}`)",
      "        ^",
      "",
      "TypeError: bad 1",
      "    at fail (cell-1.js:2:9)",
      "    at cell-1.js:5:1",
    ],
    lineNumber: 2,
  });
});

test("a function of an earlier cell: the line of this one comes first", async () => {
  const report = await reportOf("const f = () => null.x", "1\nf()");
  expect(report.lineNumber).toBe(2);
  expect(report.traceback).toEqual([
    "cell-2.js:2",
    "f()",
    "^",
    "",
    "cell-1.js:1",
    "const f = () => null.x",
    "                     ^",
    "",
    "TypeError: Cannot read properties of null (reading 'x')",
    "    at f (cell-1.js:1:22)",
    "    at cell-2.js:2:1",
  ]);
});

test("after an await, and what is thrown by a promise that is the value", async () => {
  const report = await reportOf("async function main() {\n  await 1\n  throw new Error('late')\n}\nmain()");
  expect(report.traceback.slice(4)).toEqual([
    "Error: late",
    "    at main (cell-1.js:3:9)",
    "    at async cell-1.js:5:1",
  ]);
});

test("causes and properties", async () => {
  const report = await reportOf(
    "const inner = Object.assign(new RangeError('low'), { code: 'E_LOW' })",
    "throw new Error('high', { cause: inner })",
  );
  expect(report.traceback.slice(4)).toEqual([
    "Error: high",
    "    at cell-2.js:1:7 {",
    "  [cause]: RangeError: low",
    "      at cell-1.js:1:29 {",
    "    code: 'E_LOW'",
    "  }",
    "}",
  ]);
});

test("the errors of an AggregateError", async () => {
  const report = await reportOf("await Promise.any([Promise.reject(new Error('a')), Promise.reject('b')])");
  expect(report.ename).toBe("AggregateError");
  expect(report.traceback.join("\n")).toMatch(
    /\[errors\]: \[\n\s+Error: a\n\s+at cell-1\.js:1:\d+\n\s+Uncaught b\n\s+\]/,
  );
});

test("a class of its own without a name", async () => {
  expect((await reportOf("class ValidationError extends Error {}; throw new ValidationError('x')")).ename).toBe(
    "ValidationError",
  );
});

describe("what is no error", () => {
  test.each([
    ["undefined", "undefined"],
    ["null", "null"],
    ["'text'", "text"],
    ["5", "5"],
    ["{ a: 1 }", "{ a: 1 }"],
  ])("throw %s", async (value, evalue) => {
    expect(await reportOf(`throw ${value}`)).toEqual({ ename: "Uncaught", evalue, traceback: [`Uncaught ${evalue}`] });
  });

  const throwing = (): never => {
    throw new Error("trap");
  };
  const circular = new Error("loop") as Error & { cause?: unknown };
  circular.cause = circular;
  test.each([
    ["a symbol", () => Symbol("s")],
    ["a proxy", () => new Proxy({}, { get: throwing, getPrototypeOf: throwing })],
    ["a proxy of an error", () => new Proxy(new Error("x"), { get: throwing })],
    [
      "getters that throw",
      () =>
        Object.defineProperties(new Error("x"), {
          stack: { get: throwing },
          message: { get: throwing },
          name: { get: throwing },
        }),
    ],
    ["a stack that is no text", () => Object.assign(new Error("x"), { stack: 5 })],
    ["a cause that is the error itself", () => circular],
    [
      "a deep chain",
      () => Array.from({ length: 1000 }).reduce<Error>((cause) => new Error("x", { cause }), new Error("last")),
    ],
    [
      "many errors",
      () =>
        new AggregateError(
          Array.from({ length: 1000 }, () => new Error("one")),
          "many",
        ),
    ],
    ["errors that are none", () => Object.assign(new Error("x"), { errors: new Proxy([], { get: throwing }) })],
    ["a long message", () => new Error("x".repeat(1_000_000))],
    [
      "an inspect method that throws",
      () => Object.assign(new Error("x"), { a: { [Symbol.for("nodejs.util.inspect.custom")]: throwing } }),
    ],
  ])("%s never fails", (_, thrown) => {
    const report = errorReport(thrown(), { cells: new Map() });
    expect(typeof report.ename).toBe("string");
    expect(report.traceback.length).toBeGreaterThan(0);
    expect(report.traceback.join("\n").length).toBeLessThan(200_000);
  });
});

test("a stack overflow, and a message with lines like frames", async () => {
  expect((await reportOf("function f() { f() }\nf()")).ename).toBe("RangeError");
  const report = await reportOf("throw new Error('one\\n    at fake (cell-9.js:1:1)')");
  expect(report.evalue).toBe("one\n    at fake (cell-9.js:1:1)");
  expect(report.traceback.slice(4)).toEqual(["Error: one", "    at fake (cell-9.js:1:1)", "    at cell-2.js:1:7"]);
});

test("a syntax error shows its line", () => {
  const error = new CellSyntaxError("Unexpected token '='", {
    line: 3,
    column: 6,
    source: "1\n2\nconst = 5",
    cellName: "cell-4.js",
  });
  expect(errorReport(error, { cells: new Map() })).toEqual({
    ename: "SyntaxError",
    evalue: "Unexpected token '='",
    traceback: ["cell-4.js:3", "const = 5", "      ^", "", "SyntaxError: Unexpected token '='"],
    lineNumber: 3,
  });
});

test("frames of Node and of the kernel are left out", async () => {
  const report = await reportOf('import fs from "node:fs"\nfs.readFileSync("/none")');
  expect(report.traceback.slice(0, 6)).toEqual([
    "cell-1.js:2",
    'fs.readFileSync("/none")',
    "   ^",
    "",
    "Error: ENOENT: no such file or directory, open '/none'",
    "    at cell-1.js:2:4 {",
  ]);
  expect(
    report.traceback
      .slice(6)
      .map((line) => line.replace(",", ""))
      .sort(),
  ).toEqual(["  code: 'ENOENT'", "  errno: -2", "  path: '/none'", "  syscall: 'open'", "}"]);
});
