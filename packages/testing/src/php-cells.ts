import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** The cells of `describeKernel` for PHP. */
export const phpCells: KernelCells = {
  setVariable: "$x = 41;",
  readVariable: "$x ?? throw new Exception('there is none')",
  printOutErrOut: 'echo "out\\n";\nfwrite(STDERR, "err\\n");\necho "out2\\n";',
  result: "6 * 7",
  failure: { code: "$a = 1;\n$b = 0;\nintdiv($a, $b);", name: "DivisionByZeroError", message: "Division by zero" },
  syntaxError: "$a = 1;\n$b = = 2;",
  endlessLoop: "while (true) {}",
  readLine: 'echo "got " . fgets(STDIN);',
  // An end of its own is survived; this one takes the kernel's program with it.
  exit: "posix_kill(posix_getppid(), SIGKILL);",
  print: (text) => `echo json_decode(${JSON.stringify(JSON.stringify(text)).replaceAll("$", String.raw`\$`)});`,
  manyLines: 'for ($i = 0; $i < 20000; $i++) echo "$i\\n";',
  picture: `kb_svg('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>');`,
  surroundings: 'echo getcwd(), "\\n", getenv("KERNELBOX_TEST"), "\\n";',
};

/** The cells of `describeKernelInDepth` for PHP. */
export const phpDepthCells: KernelDepthCells = {
  define:
    "class Answer { public function __construct(public readonly int $value) {} }\n" +
    'function greet(Answer $answer): string { return "first {$answer->value}\\n"; }',
  use: "echo greet(new Answer(42));",
  redefine: 'function greet(Answer $answer): string { return "second {$answer->value}\\n"; }',
  setAndFail: "$value = 'before';\nintdiv(1, 0);\n$value = 'after';",
  writeWhatWasSet: 'echo "$value\\n";',
  tickAndWait: 'echo "tick\\n";\nsleep(1000);',
  childProcesses: "passthru('echo child out');\npassthru('echo child err >&2');",
  html: "kb_html('<b>bold</b>');\necho \"after\\n\";",
  fiftyThousandLines: 'for ($i = 1; $i <= 50000; $i++) echo "$i\\n";',
  longLine: "echo str_repeat('x', 10000000);",
  writeArguments: 'foreach (array_slice($argv, 1) as $argument) echo "$argument\\n";',
  writeRunOnly: 'echo getenv("RUN_ONLY") ?: "unset", "\\n";',
  compute: "for ($i = 0, $sum = 0; $i < 20000000; $i++) $sum += $i;",
  completion: { code: "echo 1; gre", match: "greet" },
  readTwice: '$first = trim(fgets(STDIN));\n$second = trim(fgets(STDIN));\necho "$first+$second\\n";',
  crashes: [
    { code: "posix_kill(getmypid(), SIGSEGV);", outcome: { kept: "RunnerCrashed" } },
    { code: "posix_kill(getmypid(), SIGKILL);", outcome: { kept: "RunnerCrashed" } },
    { code: "exit(3);", outcome: { kept: "Exit" } },
    { code: "function strlen() {} // no function of PHP's own can be replaced", outcome: { kept: "FatalError" } },
    {
      code: "function endless($n) { return endless($n + 1) + 1; }\nini_set('memory_limit', '64M');\nendless(0);",
      outcome: { kept: "FatalError" },
    },
  ],
};
