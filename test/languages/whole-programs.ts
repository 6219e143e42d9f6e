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
  fortran: {
    echo: {
      "main.f90":
        "program main\n  use text, only: shout\n  use, intrinsic :: iso_fortran_env, only: iostat_end\n  implicit none\n  character(100) :: argument, line\n  integer :: i, status\n  do i = 1, command_argument_count()\n    call get_command_argument(i, argument)\n    if (i > 1) write (*, '(a)', advance='no') '|'\n    write (*, '(a)', advance='no') trim(argument)\n  end do\n  print '()'\n  read (*, '(a)', iostat=status) line\n  print '(a)', shout(trim(line))\n  call exit(3)\nend program",
      // Named so that it comes after what uses it: files are compiled in the order of their modules.
      "text.f90":
        "module text\n  implicit none\ncontains\n  pure function shout(text) result(loud)\n    character(len=*), intent(in) :: text\n    character(len=len(text)) :: loud\n    integer :: i\n    loud = text\n    do i = 1, len(text)\n      if (text(i:i) >= 'a' .and. text(i:i) <= 'z') loud(i:i) = achar(iachar(text(i:i)) - 32)\n    end do\n  end function\nend module",
    },
    failing: {
      "a.f90": "integer :: list(3) = 0, i = 4\nprint '(a)', 'before'\nprint *, list(i)\nend",
    },
    failure: /At line 3 of file a\.f90[^]*above upper bound of 3/,
    broken: {
      files: { "a.f90": "implicit none\nprint *, nothing\nend" },
      message: /a\.f90:2[^]*Error: Symbol .nothing. at \(1\) has no IMPLICIT type/,
    },
  },
  rust: {
    echo: {
      "main.rs":
        'mod text;\nuse std::io::Read;\nfn main() {\n    let args: Vec<String> = std::env::args().skip(1).collect();\n    println!("{}", args.join("|"));\n    let mut input = String::new();\n    std::io::stdin().read_to_string(&mut input).unwrap();\n    println!("{}", text::shout(&input));\n    std::process::exit(3);\n}',
      "text.rs": "pub fn shout(text: &str) -> String {\n    text.to_uppercase()\n}",
    },
    failing: {
      "a.rs":
        'fn main() {\n    println!("before");\n    let list: Vec<i32> = Vec::new();\n    println!("{}", list[1]);\n}',
    },
    failure: /panicked at a\.rs:4:\d+:\nindex out of bounds/,
    broken: { files: { "a.rs": 'fn main() {\n    let a: i32 = "b";\n}' }, message: /E0308[^]*a\.rs:2:18/ },
  },
  go: {
    echo: {
      "main.go":
        'package main\nimport (\n  "fmt"\n  "io"\n  "os"\n  "strings"\n  "example.com/echo/lib"\n)\nvar twice = once * 2\nfunc main() {\n  defer fmt.Println("not after os.Exit")\n  fmt.Println(strings.Join(os.Args[1:], "|"))\n  input, _ := io.ReadAll(os.Stdin)\n  loud := make(chan string)\n  go func() { loud <- lib.Shout(string(input)) }()\n  fmt.Println(<-loud)\n  os.Exit(twice - started)\n}',
      // A variable that the other file uses before, and an init of this one.
      "start.go": "package main\nvar once = 2\nvar started int\nfunc init() { started = twice / 4 }",
      "go.mod": "module example.com/echo\n",
      // Its init runs with the program, and not while it is compiled.
      "lib/text.go":
        'package lib\nimport (\n  "os"\n  "strings"\n)\nfunc init() {\n  if os.Mkdir("begun", 0o700) != nil {\n    panic("twice")\n  }\n}\nfunc Shout(text string) string { return strings.ToUpper(text)[min(0, 1):] }',
    },
    failing: {
      "a.go":
        'package main\nimport "fmt"\nfunc main() {\n  fmt.Println("before")\n  list := []int{}\n  fmt.Println(list[len(list)])\n}',
    },
    failure: /^panic: runtime error: index out of range[^]*a\.go:6/,
    broken: {
      files: {
        "main.go": "package main\nfunc main() {\n  greet()\n}",
        "other.go": "package main\nfunc greet() {\n  nothing()\n}",
      },
      message: /other\.go:3:3: undefined: nothing/,
    },
  },
  c: {
    echo: {
      "main.c":
        '#include <stdio.h>\n#include <stdlib.h>\n#include "lib/text.h"\nstatic int used;\nstatic void last(void) { fflush(stdout); }\nint main(int argc, char **argv) {\n  atexit(last);\n  for (int i = 1; i < argc; ++i) printf("%s%s", i > 1 ? "|" : "", argv[i]);\n  char line[100];\n  printf("\\n%s\\n", shout(fgets(line, sizeof line, stdin)));\n  return times + used;\n}',
      "lib/text.h": "extern int times;\nchar *shout(char *text);",
      // The same static name as in the other file, and a variable that both use.
      "lib/text.c":
        '#include "text.h"\n#include <ctype.h>\nint times = 2;\nstatic int used;\nchar *shout(char *text) {\n  for (char *at = text; *at; ++at) *at = (char)toupper(*at);\n  times += ++used;\n  return text;\n}',
    },
    failing: {
      "a.c":
        '#include <stdio.h>\n#include <stdlib.h>\nint main(void) {\n  printf("before\\n");\n  fflush(stdout);\n  fprintf(stderr, "no on line 6\\n");\n  abort();\n}',
    },
    failure: /no on line 6/,
    broken: {
      files: { "a.c": "int main(void) {\n  return nothing;\n}" },
      message: /a\.c:2:10: error: use of undeclared identifier 'nothing'/,
    },
  },
  cpp: {
    echo: {
      "main.cpp":
        '#include <iostream>\n#include <string>\n#include <thread>\n#include "text.hpp"\nstatic int used = 0;\nint main(int argc, char **argv) {\n  for (int i = 1; i < argc; ++i) std::cout << (i > 1 ? "|" : "") << argv[i];\n  std::string all;\n  std::thread([&] { std::getline(std::cin, all); }).join();\n  std::cout << "\\n" << shout(all) << std::endl;\n  return times + used;\n}',
      "text.hpp": "#include <string>\nextern const int &times;\nstd::string shout(std::string text);",
      "text.cpp":
        '#include "text.hpp"\n#include <algorithm>\n#include <cctype>\nnamespace {\nstruct Counter { int value; Counter() : value(3) {} } counter;\nint used = 7;\n}\nextern const int &times;\nconst int &times = counter.value;\nstd::string shout(std::string text) {\n  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });\n  return used == 7 ? text : "";\n}',
    },
    failing: {
      "a.cpp":
        '#include <iostream>\n#include <stdexcept>\nint main() {\n  std::cout << "before" << std::endl;\n  throw std::logic_error("no");\n}',
    },
    failure: /std::logic_error'\s+what\(\): {2}no/,
    broken: {
      files: {
        "main.cpp": "int missing(int);\nint main() {\n  return missing(1);\n}",
        "other.cpp": "int missing(long) { return 1; }",
      },
      message: /undefined symbol: missing\(int\)[^]*main\.cpp:3/,
    },
  },
};
