import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CellSyntaxError } from "./cell-syntax-error.ts";
import { prepareLanguage } from "./cell-language.ts";
import { compileCell } from "./compile.ts";
import { CellBench } from "./evaluate-cells.test-support.ts";

let bench: CellBench;
beforeEach(async () => {
  bench = await CellBench.start("typescript");
});
afterEach(() => bench.stop());

function codeOf(source: string): string {
  const cell = compileCell(source, { language: "typescript", cellName: "cell-1.ts", importFunction: "__import" });
  return cell.code.slice(0, cell.code.lastIndexOf("\n//#"));
}

describe("types are blanked", () => {
  test.each([
    ["let x: number = 1", "let x         = 1;void 0"],
    ["let x!: string", "let x         ;void 0"],
    ["(x as any) = y satisfies T", "await __import.waitable(((x       ) = y            ))"],
    ["a!.b!++", "a .b ++"],
    ["f<string>(1)", "await __import.waitable((f        (1)))"],
    [
      "function f(this: X, a?: number, ...b: any[]): a is 1 {}",
      "function f(         a         , ...b       )         {};void 0",
    ],
    [
      "const g = async <T,>({ a }: A, [b]: B = []): Promise<T> => a",
      "let   g = async     ({ a }   , [b]    = [])             => a;void 0",
    ],
    ["interface A { b: 1 }\ntype C = A", ";                   \n;         ;void 0"],
    [
      "declare const a: 1; declare module 'b' { var c: 1 }",
      ";                   ;                              ;void 0",
    ],
    ["import type { A } from 'a'\nexport type { A }", ";                         \n;                ;void 0"],
    ["try {} catch (e: unknown) {}", "try {} catch (e         ) {};void 0"],
    [
      "abstract class A<T> extends B<T> implements C, D { private readonly a?: 1 = 1; declare b: 2; abstract c(): 3 }",
      "         class A    extends B                    {                  a     = 1; ;             ;               };void 0",
    ],
    [
      "class A { f(): void; f() {} [k: string]: 1; static override async g?<T>(a: T) {} constructor(x?); constructor() {} }",
      "class A { ;          f() {} ;               static          async g    (a   ) {} ;                constructor() {} };void 0",
    ],
    [
      "class A { readonly = 1; declare = 2; static abstract = 3 }",
      "class A { readonly = 1; declare = 2; static abstract = 3 };void 0",
    ],
  ])("%s", (source, code) => {
    expect(codeOf(source)).toBe(code);
  });

  test("statements do not run into one another", async () => {
    await bench.run("let f = (x: number) => x; let g = 1");
    expect(await bench.run("const a = f as unknown\n;[1].length")).toBe(1);
    expect(await bench.run("const b = g as number\n(2)\n")).toBe(2);
    expect(await bench.run("g\ntype T = 1\n(3)")).toBe(3);
  });
});

describe("what means something at run time is compiled", () => {
  test("enums, also const ones, which start anew when they are run again", async () => {
    expect(await bench.run('enum Color { Red, Green = "g" }\nColor[0] + Color.Green')).toBe("Redg");
    await bench.run("enum Color { Blue }");
    expect(await bench.run("Object.keys(Color).join()")).toBe("0,Blue");
    expect(await bench.run("const enum Size { Small = 3 }")).toBeUndefined();
    expect(await bench.run("Size.Small as number")).toBe(3);
    expect(await bench.run("let Size = 4; Size")).toBe(4);
    await bench.run("enum Size { Large = 5 }");
    expect(await bench.run("Size.Large")).toBe(5);
  });

  test("namespaces", async () => {
    await bench.run("namespace A { export const x = 1; export namespace B { export const y = 2 } }");
    expect(await bench.run("A.x + A.B.y")).toBe(3);
  });

  test("parameter properties", async () => {
    expect(await bench.run("class P { constructor(private readonly a: number, public b = 2) {} }\nnew P(1).b")).toBe(2);
  });

  test("standard decorators", async () => {
    await bench.run(
      "const seen: string[] = []\nfunction log(_: unknown, context: { kind: string }): void { seen.push(context.kind) }",
    );
    await bench.run("@log class A { @log x = 1; @log m() {} @log accessor y = 2; @log static z = 3 }");
    expect(await bench.run("seen.sort().join()")).toBe("accessor,class,field,field,method");
    expect(await bench.run("new A().y")).toBe(2);
  });

  test("older decorators where a parameter is decorated or the tsconfig.json says so", async () => {
    await bench.run("const seen: unknown[] = []; const note = (...all: unknown[]) => { seen.push(all[2]) }");
    await bench.run("class A { constructor(@note x: string) {} }");
    expect(await bench.run("seen.join()")).toBe("0");
    const cwd = await mkdtemp(join(tmpdir(), "kernelbox-cells-"));
    await writeFile(join(cwd, "tsconfig.json"), '{ "compilerOptions": { "experimentalDecorators": true } }');
    const configured = await CellBench.start("typescript", {}, cwd);
    try {
      await configured.run("const seen: unknown[] = []; const note = (...all: unknown[]) => { seen.push(all[1]) }");
      await configured.run("class A { @note m() {} }");
      expect(await configured.run("seen.join()")).toBe("m");
    } finally {
      configured.stop();
      await rm(cwd, { recursive: true });
    }
  });

  test("JSX by the user's React, or by h", async () => {
    await bench.run("function h(...all: unknown[]) { return ['h', ...all] }");
    expect(await bench.run("const element = <b a={1}>x</b>;\nelement")).toEqual(["h", "b", { a: 1 }, "x"]);
    await bench.run("const React = { createElement: (...all: unknown[]) => all, Fragment: 'f' }");
    expect(await bench.run("<><i /></>")).toEqual(["f", null, ["i", null]]);
  });

  test("a cast in angle brackets, using, import require", async () => {
    expect(await bench.run("const x = <number>1\nx")).toBe(1);
    await bench.run("let closed = false; (Symbol as any).dispose ??= Symbol()");
    await bench.run("using file = { [Symbol.dispose]() { closed = true } }");
    expect(await bench.run("closed")).toBe(true);
    const withRequire = await CellBench.start("typescript", { require: (name: string) => ({ name }) });
    expect(await withRequire.run('import fs = require("fs")\nfs')).toEqual({ name: "fs" });
    withRequire.stop();
  });

  test("such a cell is as sloppy, as redeclarable and as awaited as any", async () => {
    await bench.run("const x = 1; enum E { A }");
    expect(await bench.run("enum E { B }\nlet x = 2; x = 3; Promise.resolve(x + E.B)")).toBe(3);
    expect(await bench.run("enum F { B }\n(function () { return this === globalThis })()")).toBe(true);
    expect(await bench.run("{ a: <string>'b' }")).toEqual({ a: "b" });
  });

  test("positions are the user's", async () => {
    await bench.run("enum E {\n  A,\n  B,\n}\nfunction fail(x: any): never {\n  return x.y.z\n}\n");
    const failure = (await bench.run("fail({})").catch((error: unknown) => error)) as Error;
    const [, line, column] = /cell-1\.js:(\d+):(\d+)/.exec(failure.stack ?? "") ?? [];
    expect(bench.cells.get("cell-1.js")?.originalPosition(Number(line), Number(column) - 1)).toEqual({
      line: 6,
      column: 13,
    });
  });
});

test("unused imports stay for later cells, types go", async () => {
  await bench.run('import { EOL, type cpus } from "node:os"; import type { Stats } from "node:fs"');
  expect(await bench.run("EOL")).toBe("\n");
  expect(bench.imports).toEqual([["node:os", undefined, ["EOL"]]]);
});

test.each([
  ["let a = 1\nlet b: = 2", 2, 7],
  ["enum E { A }\nconst = 2", 2, 6],
  ["const el = <div>\n", 2, 0],
  ["class A {\n  @dec() constructor() {}\n}", 2, 2],
])("a syntax error of %j is at %d:%d", async (source, line, column) => {
  await prepareLanguage("typescript");
  expect(() => codeOf(source)).toThrow(CellSyntaxError);
  try {
    codeOf(source);
  } catch (error) {
    expect(error).toMatchObject({ line, column });
  }
});
