import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** The cells of `describeKernel` for C++. */
export const cppCells: KernelCells = {
  setVariable: "int x = 41;",
  readVariable: "x",
  printOutErrOut: 'std::cout << "out\\n";\nstd::cerr << "err\\n";\nstd::cout << "out2\\n";',
  result: "6 * 7",
  failure: {
    code: 'int a = 1;\nint b = 2;\nif (a < b) throw std::runtime_error("it went wrong");',
    name: "std::runtime_error",
    message: "it went wrong",
  },
  syntaxError: "int a = 1;\nint b = = 2;",
  endlessLoop: "while (true) {}",
  readLine: 'std::string line;\nstd::getline(std::cin, line);\nstd::cout << "got " << line << "\\n";',
  // An end of its own is survived; this one takes the kernel's program with it.
  exit: "kill(getppid(), SIGKILL);",
  print: (text) => `std::cout << std::string_view(${cppString(text)}, ${Buffer.byteLength(text)});`,
  manyLines: 'for (int i = 0; i < 20000; ++i) std::cout << i << "\\n";',
  picture: String.raw`kb::svg("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>");`,
  surroundings: 'std::cout << getcwd(nullptr, 0) << "\\n" << getenv("KERNELBOX_TEST") << "\\n";',
};

/** The cells of `describeKernelInDepth` for C++. */
export const cppDepthCells: KernelDepthCells = {
  define:
    "struct Answer { int value; };\n" +
    'std::string greet(const Answer &answer) { return "first " + std::to_string(answer.value) + "\\n"; }',
  use: "std::cout << greet(Answer{42});",
  redefine: 'std::string greet(const Answer &answer) { return "second " + std::to_string(answer.value) + "\\n"; }',
  setAndFail: 'std::string value = "before";\nstd::vector<int>().at(0);\nvalue = "after";',
  writeWhatWasSet: 'std::cout << value << "\\n";',
  tickAndWait: 'std::cout << "tick\\n";\nstd::this_thread::sleep_for(std::chrono::hours(1));',
  childProcesses: 'system("echo child out");\nsystem("echo child err >&2");',
  html: 'kb::html("<b>bold</b>");\nstd::cout << "after\\n";',
  fiftyThousandLines: 'for (int i = 1; i <= 50000; ++i) printf("%d\\n", i);',
  longLine: "std::cout << std::string(10000000, 'x');",
  writeArguments: 'for (auto &argument : kb::args()) std::cout << argument << "\\n";',
  writeRunOnly: 'const char *only = getenv("RUN_ONLY");\nstd::cout << (only ? only : "unset") << "\\n";',
  compute: "long sum = 0;\nfor (long i = 0; i < 300000000; ++i) sum += i;",
  completion: { code: "std::cout << 1; gre", match: "greet" },
  readTwice: 'std::string first, second;\nstd::cin >> first >> second;\nstd::cout << first << "+" << second << "\\n";',
  crashes: [
    { code: "int *nowhere = nullptr;\n*nowhere = 1;", outcome: { kept: "SegmentationFault" } },
    {
      code: "int deep(int n) { volatile int a[64] = {n}; return deep(n + 1) + a[0]; }\ndeep(0)",
      outcome: { kept: "StackOverflow" },
    },
    { code: "abort();", outcome: { kept: "Abort" } },
    { code: "std::exit(3);", outcome: { kept: "Exit" } },
    { code: "kill(getpid(), SIGKILL);", outcome: { kept: "RunnerCrashed" } },
    {
      code: 'auto thrower = []() noexcept { throw std::logic_error("out"); };\nthrower();',
      outcome: { kept: "std::logic_error" },
    },
  ],
};

/** A string literal with any Unicode and NUL in it. */
function cppString(text: string): string {
  const bytes = Array.from(Buffer.from(text), (byte) => `\\${byte.toString(8).padStart(3, "0")}`);
  return `"${bytes.join("")}"`;
}
