import type { KernelCells } from "./describe-kernel.ts";

/** The cells of {@link describeKernel} for JavaScript. */
export const javascriptCells: KernelCells = {
  setVariable: "let x = 41",
  readVariable: "x",
  printOutErrOut: 'console.log("out");\nconsole.error("err");\nconsole.log("out2");',
  result: "6 * 7",
  failure: { code: "const a = 1;\nconst b = undefined;\na + b.c;", name: "TypeError", message: "undefined" },
  syntaxError: "const a = 1;\nconst b = = 2;",
  endlessLoop: "while (true) {}",
  readLine: 'console.log("got " + prompt(""))',
  exit: "process.exit(3)",
  print: (text) => `process.stdout.write(${JSON.stringify(text)}), undefined`,
  manyLines: "for (let i = 0; i < 20000; i++) console.log(i)",
  picture: `display.svg('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')`,
  surroundings: "console.log(process.cwd());\nconsole.log(process.env.KERNELBOX_TEST);",
};

/** The cells of {@link describeKernel} for TypeScript: with types, and with what types alone do not compile. */
export const typescriptCells: KernelCells = {
  ...javascriptCells,
  setVariable: "enum Answer { Almost = 41 }\nlet x: number = Answer.Almost;",
  readVariable: "x satisfies number",
  result: "interface Factor { readonly value: number }\nconst factor: Factor = { value: 7 };\n6 * factor.value",
  failure: {
    code: "const a: number = 1;\nlet b: { c: number } | undefined;\na + b!.c;",
    name: "TypeError",
    message: "undefined",
  },
  syntaxError: "const a: number = 1;\nconst b: = 2;",
  readLine: 'const line: string | null = prompt("");\nconsole.log(`got ${line as string}`)',
};
