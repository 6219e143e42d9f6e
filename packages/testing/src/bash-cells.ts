import type { KernelCells } from "./describe-kernel.ts";
import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";

/** The cells of `describeKernel` for Bash, which prints what others have as a result. */
export const bashCells: KernelCells = {
  printsValues: true,
  setVariable: "x=41",
  readVariable: 'echo "${x:?}"',
  printOutErrOut: "echo out\necho err >&2\necho out2",
  result: "echo $((6 * 7))",
  failure: { code: "a=1\nb=2\n(exit 7)", name: "ExitStatus", message: "exit status 7" },
  syntaxError: "a=1\nfi",
  endlessLoop: "while true; do :; done",
  readLine: 'read -r line\necho "got $line"',
  exit: "exit 3",
  // Its strings have no NUL; printf can write one.
  print: (text) => `printf '${text.replaceAll("\0", String.raw`\0`)}'`,
  manyLines: "for ((i = 0; i < 20000; i++)); do echo $i; done",
  picture: `kb_svg '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'`,
  surroundings: 'pwd\necho "$KERNELBOX_TEST"',
};

/** The cells of `describeKernelInDepth` for Bash. */
export const bashDepthCells: KernelDepthCells = {
  define: 'greet() { echo "first $1"; }\ndeclare -A answers=([life]=42)',
  use: 'greet "${answers[life]:?}"',
  redefine: 'greet() { echo "second $1"; }',
  setAndFail: "set -e\nvalue=before\nfalse\nvalue=after",
  writeWhatWasSet: 'echo "$value"',
  tickAndWait: "echo tick\nsleep 1000",
  childProcesses: "sh -c 'echo child out'\nsh -c 'echo child err >&2'",
  html: "kb_html '<b>bold</b>'\necho after",
  fiftyThousandLines: "for ((i = 1; i <= 50000; i++)); do echo $i; done",
  longLine: "head -c 10000000 /dev/zero | tr '\\0' x",
  writeArguments: 'for argument in "$@"; do printf "%s\\n" "$argument"; done',
  writeRunOnly: 'echo "${RUN_ONLY-unset}"',
  compute: "f() { for ((i = 0; i < 300000; i++)); do :; done; }; f",
  completion: { code: "echo hello; gre", match: "greet" },
  readTwice: 'read -r first && read -r second\necho "$first+$second"',
  crashes: [
    { code: "kill -SEGV $$", outcome: "lost" },
    { code: "kill -KILL $$", outcome: "lost" },
  ],
};
