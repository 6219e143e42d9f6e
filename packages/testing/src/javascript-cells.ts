import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
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

/** The cells of `describeKernelInDepth` for JavaScript. */
export const javascriptDepthCells: KernelDepthCells = {
  define:
    "class Answer {\n  constructor(value) { this.value = value; }\n}\n" +
    "function greet(answer) { return `first ${answer.value}`; }",
  use: "console.log(greet(new Answer(42)));",
  redefine: "const greet = (answer) => `second ${answer.value}`;",
  setAndFail: "let value = 'before';\nnull.nothing;\nvalue = 'after';",
  writeWhatWasSet: "console.log(value);",
  tickAndWait: "console.log('tick');\nawait new Promise(() => {});",
  childProcesses:
    "import { spawnSync } from 'node:child_process';\n" +
    "for (const line of ['echo child out', 'echo child err >&2']) spawnSync('sh', ['-c', line], { stdio: 'inherit' });",
  html: "display.html('<b>bold</b>');\nconsole.log('after');",
  fiftyThousandLines: "for (let i = 1; i <= 50000; i++) console.log(i);",
  longLine: "process.stdout.write('x'.repeat(10000000));",
  writeArguments: "for (const argument of process.argv.slice(2)) console.log(argument);",
  writeRunOnly: "console.log(process.env.RUN_ONLY ?? 'unset');",
  compute: "{\n  const until = Date.now() + 150;\n  while (Date.now() < until);\n}",
  completion: { code: "1; gre", match: "greet" },
  readTwice: "{\n  const first = prompt('');\n  const second = prompt('');\n  console.log(`${first}+${second}`);\n}",
  crashes: [
    { code: "process.abort()", outcome: "lost" },
    { code: "process.kill(process.pid, 'SIGKILL')", outcome: "lost" },
    { code: "process.exit(3)", outcome: "lost" },
    { code: "(function endless() { return endless() + 1; })()", outcome: { kept: "RangeError" } },
  ],
};

/** The cells of `describeKernelInDepth` for TypeScript. */
export const typescriptDepthCells: KernelDepthCells = {
  ...javascriptDepthCells,
  define:
    "class Answer {\n  constructor(readonly value: number) {}\n}\n" +
    "function greet(answer: Answer): string { return `first ${answer.value}`; }",
  use: "console.log(greet(new Answer(42)) satisfies string);",
  redefine: "const greet = (answer: Answer): string => `second ${answer.value}`;",
  setAndFail: "let value: string = 'before';\n(null as any).nothing;\nvalue = 'after';",
};
