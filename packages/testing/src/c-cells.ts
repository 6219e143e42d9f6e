import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** The cells of `describeKernel` for C. */
export const cCells: KernelCells = {
  setVariable: "int x = 41;",
  readVariable: "x",
  printOutErrOut: 'printf("out\\n");\nfprintf(stderr, "err\\n");\nprintf("out2\\n");',
  result: "6 * 7",
  failure: {
    code: "int a = 1;\nint b = 0;\nint c = a / b;",
    name: "ArithmeticError",
    message: "divided by zero",
  },
  syntaxError: "int a = 1;\nint b = = 2;",
  endlessLoop: "while (1) {}",
  readLine: 'char line[100];\nfgets(line, sizeof line, stdin);\nprintf("got %s", line);',
  // An end of its own is survived; this one takes the kernel's program with it.
  exit: "kill(getppid(), SIGKILL);",
  print: (text) => `fwrite(${cString(text)}, 1, ${Buffer.byteLength(text)}, stdout);`,
  manyLines: 'for (int i = 0; i < 20000; ++i) printf("%d\\n", i);',
  picture: String.raw`kb_svg("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>");`,
  surroundings: 'printf("%s\\n%s\\n", getcwd(NULL, 0), getenv("KERNELBOX_TEST"));',
};

/** The cells of `describeKernelInDepth` for C. */
export const cDepthCells: KernelDepthCells = {
  define: 'struct answer { int value; };\nvoid greet(struct answer answer) { printf("first %d\\n", answer.value); }',
  use: "greet((struct answer){42});",
  redefine: 'void greet(struct answer answer) { printf("second %d\\n", answer.value); }',
  // C has no errors that can be caught: what is kept is what cells before it have set.
  setAndFail: 'const char *value = "before";\nint main(void) { return 1; }',
  writeWhatWasSet: 'printf("%s\\n", value);',
  tickAndWait: 'printf("tick\\n");\nsleep(1000);',
  childProcesses: 'system("echo child out");\nsystem("echo child err >&2");',
  html: 'kb_html("<b>bold</b>");\nprintf("after\\n");',
  fiftyThousandLines: 'for (int i = 1; i <= 50000; ++i) printf("%d\\n", i);',
  longLine: "for (int i = 0; i < 10000000; ++i) putchar('x');",
  writeArguments: 'for (int i = 1; i < argc; ++i) printf("%s\\n", argv[i]);',
  writeRunOnly: 'const char *only = getenv("RUN_ONLY");\nprintf("%s\\n", only ? only : "unset");',
  compute: "long sum = 0;\nfor (long i = 0; i < 300000000; ++i) sum += i;",
  completion: { code: "int one = 1; gre", match: "greet" },
  readTwice: 'char first[50], second[50];\nscanf("%49s %49s", first, second);\nprintf("%s+%s\\n", first, second);',
  crashes: [
    { code: "int *nowhere = NULL;\n*nowhere = 1;", outcome: { kept: "SegmentationFault" } },
    {
      code: "int deep(int n) { volatile int a[64] = {n}; return deep(n + 1) + a[0]; }\ndeep(0)",
      outcome: { kept: "StackOverflow" },
    },
    { code: "abort();", outcome: { kept: "Abort" } },
    { code: "exit(3);", outcome: { kept: "Exit" } },
    { code: "kill(getpid(), SIGKILL);", outcome: { kept: "RunnerCrashed" } },
  ],
};

/** A string literal with any Unicode and NUL in it. */
function cString(text: string): string {
  const bytes = Array.from(Buffer.from(text), (byte) => `\\${byte.toString(8).padStart(3, "0")}`);
  return `"${bytes.join("")}"`;
}
