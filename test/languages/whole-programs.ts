import type { RunProgramOptions } from "kernelbox";

type Files = RunProgramOptions["files"];

/** Programs of one language, each of several files where the language has that. */
export type WholePrograms = {
  /** Prints its arguments joined by `|`, the upper-case form of its stdin by a function of another file, and exits with 3. */
  readonly echo: Files;
  /** Prints `before`, and then fails. What it failed with is on stderr. */
  readonly failing: Files;
  readonly failure: RegExp;
  /** Does not compile; absent for languages that are not compiled. */
  readonly broken?: { readonly files: Files; readonly message: RegExp };
};

/** By the name of the language. */
export const wholePrograms: Readonly<Record<string, WholePrograms>> = {
  python: {
    echo: {
      "main.py":
        "import sys\nfrom lib.text import shout\nprint('|'.join(sys.argv[1:]))\nprint(shout(sys.stdin.read()))\nsys.exit(3)",
      "lib/text.py": "def shout(text):\n    return text.upper()",
    },
    failing: { "a.py": "print('before')\nraise ValueError('no')" },
    failure: /line 2[^]*ValueError: no/,
  },
  javascript: {
    echo: {
      "main.mjs":
        "import { readFileSync } from 'node:fs';\nimport { shout } from './text.mjs';\nconsole.log(process.argv.slice(2).join('|'));\nconsole.log(shout(readFileSync(0, 'utf8')));\nprocess.exit(3);",
      "text.mjs": "export const shout = (text) => text.toUpperCase();",
    },
    failing: { "a.js": "console.log('before');\nthrow new TypeError('no');" },
    failure: /a\.js:2[^]*TypeError: no/,
  },
  typescript: {
    echo: {
      "main.ts":
        "import { readFileSync } from 'node:fs';\nimport { shout, Mode } from './text.ts';\nconst args: readonly string[] = process.argv.slice(2);\nconsole.log(args.join('|'));\nconsole.log(shout(await Promise.resolve(readFileSync(0, 'utf8')), Mode.Upper));\nprocess.exit(3);",
      "text.ts":
        "export enum Mode { Upper }\nexport const shout = (text: string, mode: Mode): string => mode === Mode.Upper ? text.toUpperCase() : text;",
    },
    failing: { "a.ts": "console.log('before');\nthrow new TypeError('no' as string);" },
    failure: /a\.ts:2[^]*TypeError: no/,
    broken: { files: { "a.ts": "const a = 1;\nconst b: string = a;" }, message: /a\.ts\(2,7\): error TS2322/ },
  },
  bash: {
    echo: {
      "main.sh": 'source lib/text.sh\nIFS="|"; echo "$*"\nshout "$(cat)"\nexit 3',
      "lib/text.sh": 'shout() { echo "${1^^}"; }',
    },
    failing: { "a.sh": "echo before\nno_such_command || exit 1" },
    failure: /line 2: no_such_command/,
  },
  php: {
    echo: {
      "main.php":
        "<?php\nrequire 'lib/text.php';\necho implode('|', array_slice($argv, 1)), \"\\n\", shout(stream_get_contents(STDIN)), \"\\n\";\nexit(3);",
      "lib/text.php": "<?php\nfunction shout(string $text): string { return strtoupper($text); }",
    },
    failing: { "a.php": "<?php echo \"before\\n\";\nfile_put_contents('php://stderr', 'no on line 2'); exit(1);" },
    failure: /no on line 2/,
  },
  r: {
    echo: {
      "main.R":
        'source("lib/text.R")\ncat(paste(commandArgs(trailingOnly = TRUE), collapse = "|"), "\\n", sep = "")\ncat(shout(readLines(file("stdin"), warn = FALSE)), "\\n", sep = "")\nquit(status = 3)',
      "lib/text.R": "shout <- function(text) toupper(text)",
    },
    failing: { "a.R": 'cat("before\\n")\nlog("no")' },
    failure: /Error in log\("no"\)/,
  },
  java: {
    echo: {
      "Main.java":
        'import java.nio.charset.StandardCharsets;\npublic class Main {\n  public static void main(String[] args) throws Exception {\n    System.out.println(String.join("|", args));\n    System.out.println(Text.shout(new String(System.in.readAllBytes(), StandardCharsets.UTF_8)));\n    System.exit(3);\n  }\n}',
      "Text.java": "class Text {\n  static String shout(String text) { return text.toUpperCase(); }\n}",
    },
    failing: {
      "A.java":
        'class A {\n  public static void main(String[] args) {\n    System.out.println("before");\n    throw new IllegalStateException("no");\n  }\n}',
    },
    failure: /IllegalStateException: no[^]*A\.java:4/,
    broken: {
      files: { "A.java": "class A {\n  int a = nothing;\n}" },
      message: /A\.java:2: error: cannot find symbol/,
    },
  },
};
