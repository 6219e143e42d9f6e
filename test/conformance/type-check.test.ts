import { Sandbox } from "kernelbox";
import { afterAll, beforeAll, expect, test } from "vitest";
import { anyRuntime } from "../runtimes.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await Sandbox.create({ runtime: anyRuntime.runtime });
});
afterAll(async () => {
  await sandbox?.stop();
});

test("a context made with typeCheck refuses a cell with a type error, and knows the types of earlier cells", async () => {
  const context = await sandbox.createCodeContext({ language: "typescript", typeCheck: true });
  await context.runCode("interface Point { readonly x: number }\nconst origin: Point = { x: 0 };");
  const bad = await context.runCode('console.log("runs");\nconst text: string = origin.x;');
  expect(bad).toMatchObject({
    status: "error",
    error: { name: "TypeScriptError", lineNumber: 2 },
    logs: { stdout: [] },
  });
  expect(bad.error?.message).toContain("Type 'number' is not assignable to type 'string'");
  expect((await context.runCode("origin.x + 1")).text).toBe("1");
  expect((await context.runCode("process.platform.length > 0")).text).toBe("true");
  await context.restart();
  expect((await context.runCode('const n: number = "one";')).error?.name).toBe("TypeScriptError");
});

test("without typeCheck a type error does not stop a cell", async () => {
  const context = await sandbox.createCodeContext({ language: "ts" });
  expect((await context.runCode('const n: number = "one";\nn')).text).toBe("one");
});

test("a kernel that cannot check types says so", async () => {
  for (const language of ["javascript", "python"]) {
    await expect(sandbox.createCodeContext({ language, typeCheck: true })).rejects.toMatchObject({
      code: "capability-unsupported",
    });
  }
});
