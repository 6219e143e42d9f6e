import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TypeChecker } from "./type-checker.ts";

let cwd: string;
let checker: TypeChecker;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "kernelbox-types-"));
  await mkdir(join(cwd, "node_modules", "typed"), { recursive: true });
  await mkdir(join(cwd, "node_modules", "untyped"), { recursive: true });
  await writeFile(join(cwd, "node_modules", "typed", "package.json"), '{ "name": "typed", "types": "index.d.ts" }');
  await writeFile(
    join(cwd, "node_modules", "typed", "index.d.ts"),
    "export const answer: 42; export interface Shape { side: number }",
  );
  await writeFile(join(cwd, "node_modules", "untyped", "package.json"), '{ "name": "untyped", "main": "index.js" }');
  await writeFile(join(cwd, "node_modules", "untyped", "index.js"), "module.exports = 1");
  await writeFile(join(cwd, "local.ts"), "export const local = 'text'");
  await writeFile(join(cwd, "data.json"), '{ "count": 1 }');
  checker = new TypeChecker({ cwd });
  // Loads the libraries.
  await checker.check("1", "cell-0.ts");
}, 60_000);
afterAll(() => rm(cwd, { recursive: true }));

async function session(...cells: string[]): Promise<string[]> {
  const fresh = new TypeChecker({ cwd });
  cells.slice(0, -1).forEach((cell, index) => fresh.accept(cell, `cell-${index + 1}.ts`));
  return errorsOf(cells.at(-1) ?? "", fresh);
}

async function errorsOf(source: string, by = checker): Promise<string[]> {
  const found = await by.check(source, "cell-9.ts");
  return found.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`);
}

describe("one cell", { timeout: 60_000 }, () => {
  test.each([
    "1 + 1",
    "await Promise.resolve(1)",
    "{ a: 1, b: 2 }",
    "#!/usr/bin/env node\n1",
    'import fs, { readFileSync } from "node:fs"; fs.existsSync(readFileSync("x", "utf8"))',
    'import { answer, type Shape } from "typed"; const side: Shape = { side: answer }',
    'import anything from "untyped"; anything.whatever()',
    'import { local } from "./local.ts"; local.length',
    'import data from "./data.json" with { type: "json" }; data.count.toFixed()',
    "console.log(Buffer.from('x'), process.argv, require('fs'), __dirname)",
    "display.html('<b>'); display(1, { id: 'a' }).update(2); prompt('?')?.length",
    "enum E { A }; namespace N { export const x = E.A }; N.x",
    "export const a = 1; export { a as b }; export default a",
    "for (const x of [1]) { var y = x; y }",
    "let unused = 1",
    "label: for (;;) break label",
  ])("%j has no errors", async (source) => {
    expect(await errorsOf(source)).toEqual([]);
  });

  test.each([
    ["const n: number = 'x'", "1:6 2322 Type 'string' is not assignable to type 'number'."],
    ["\n\n  nothing()", "3:2 2304 Cannot find name 'nothing'."],
    ["const a = 1\na = 2", "2:0 2588 Cannot assign to 'a' because it is a constant."],
    [
      "let x: string | undefined = Math.random() > 2 ? 'x' : undefined\nx.length",
      "2:0 18048 'x' is possibly 'undefined'.",
    ],
    ['import { none } from "typed"', "1:9 2305 Module '\"typed\"' has no exported member 'none'."],
    ["{ a: 1, b: nope }", "1:11 2304 Cannot find name 'nope'."],
  ])("%j", async (source, error) => {
    expect(await errorsOf(source)).toEqual([error]);
  });
});

describe("cells know those before", { timeout: 60_000 }, () => {
  test.each([
    ["variables keep their types and can be assigned to", ["let x: number | string = 1", "x = 'a'; x.length"], []],
    ["a wrong use is found", ["const x = 1", "x.length"], ["1:2 2339 Property 'length' does not exist on type '1'."]],
    [
      "constants stay constant",
      ["const x = { a: 1 }", "x = { a: 2 }"],
      ["1:0 2588 Cannot assign to 'x' because it is a constant."],
    ],
    [
      "types, generic ones too",
      ["interface A<T> { a: T }; type B = A<1>", "const a: A<string> = { a: 1 }"],
      ["1:23 2322 Type 'number' is not assignable to type 'string'."],
    ],
    [
      "functions and classes",
      ["function f(a: number) { return a }; class C { x = 1 }", "const c: C = new C(); f(c.x)"],
      [],
    ],
    ["enums and namespaces", ["enum E { A }; namespace N { export type T = E }", "const e: N.T = E.A"], []],
    [
      "imports",
      [
        'import { answer, type Shape } from "typed"; import * as os from "node:os"',
        "const s: Shape = { side: answer }; os.cpus()",
      ],
      [],
    ],
    [
      "names declared again hide the earlier ones",
      ["const x = 1; type T = number", "const x = 'a'; type T = string", "const y: T = x"],
      [],
    ],
    ["in the same cell too", ["const x = 1", "const x = 'a'; x.length"], []],
    [
      "through several cells",
      ["interface P { n: number }", "const p: P = { n: 1 }", "const { n } = p", "n.toFixed()"],
      [],
    ],
    ["what was exported", ["export const a = 1; export { a as b }; export function f() {}", "a.toFixed(); f()"], []],
    ["a global declaration", ["declare global { interface Array<T> { own(): T } }", "[1].own().toFixed()"], []],
    ["results of top-level await", ["const x = await Promise.resolve([1])", "x.map((n) => n.toFixed())"], []],
    ["Unicode names", ["const 𠮷é = 1", "𠮷é.length"], ["1:4 2339 Property 'length' does not exist on type '1'."]],
    [
      "JSX",
      [
        "const React = { createElement(..._: unknown[]) { return 1 } }; declare global { namespace JSX { interface IntrinsicElements { b: {} } } }",
        "const element = <b>x</b>",
      ],
      [],
    ],
  ])("%s", async (_, cells, errors) => {
    expect(await session(...cells)).toEqual(errors);
  });

  test("a cell that was only checked leaves nothing", async () => {
    const fresh = new TypeChecker({ cwd });
    expect(await fresh.check("const gone = 1", "cell-1.ts")).toEqual([]);
    expect((await fresh.check("gone", "cell-1.ts")).map(({ code }) => code)).toEqual([2304]);
    fresh.accept("const gone = 1", "cell-2.ts");
    expect(await fresh.check("gone", "cell-3.ts")).toEqual([]);
  });

  test("the user's tsconfig.json counts", async () => {
    const loose = await mkdtemp(join(tmpdir(), "kernelbox-types-"));
    await writeFile(join(loose, "tsconfig.json"), '{ "compilerOptions": { "strict": false } }');
    try {
      expect(await new TypeChecker({ cwd: loose }).check("function f(a) { return a }", "cell-1.ts")).toEqual([]);
      expect(await session("function f(a) { return a }")).toHaveLength(1);
    } finally {
      await rm(loose, { recursive: true });
    }
  });
});
