import type { KernelDepthCells } from "./describe-kernel-in-depth.ts";
import type { KernelCells } from "./describe-kernel.ts";

/** R's strings cannot hold NUL, so what has one is written as bytes. */
function writeBytes(text: string): string {
  const bytes = [...Buffer.from(text)].join(", ");
  return `local({ out <- file("/dev/stdout", "wb"); writeBin(as.raw(c(${bytes})), out); close(out) })`;
}

/** The cells of `describeKernel` for R. */
export const rCells: KernelCells = {
  setVariable: "x <- 41",
  readVariable: "x",
  printOutErrOut: 'cat("out\\n")\ncat("err\\n", file = stderr())\ncat("out2\\n")',
  result: "6 * 7",
  failure: { code: 'a <- "1"\nb <- 2\na + b', name: "simpleError", message: "non-numeric argument" },
  syntaxError: "a <- 1\nb <- = 2",
  endlessLoop: "while (TRUE) {}",
  readLine: 'cat("got ", readLines("stdin", 1), "\\n", sep = "")',
  exit: "quit(status = 3)",
  print: (text) => (text.includes("\0") ? writeBytes(text) : `cat(${JSON.stringify(text)})`),
  manyLines: 'for (i in 0:19999) cat(i, "\\n", sep = "")',
  picture: "plot(1:3)",
  surroundings: 'writeLines(c(getwd(), Sys.getenv("KERNELBOX_TEST")))',
};

/** The cells of `describeKernelInDepth` for R. */
export const rDepthCells: KernelDepthCells = {
  define:
    'setClass("Answer", slots = list(value = "numeric"))\n' +
    'greet <- function(answer) cat("first ", answer@value, "\\n", sep = "")',
  use: 'greet(new("Answer", value = 42))',
  redefine: 'greet <- function(answer) cat("second ", answer@value, "\\n", sep = "")',
  setAndFail: 'value <- "before"\nstop("in the middle")\nvalue <- "after"',
  writeWhatWasSet: 'cat(value, "\\n", sep = "")',
  tickAndWait: 'cat("tick\\n")\nSys.sleep(1000)',
  childProcesses: "system('echo child out')\nsystem('echo child err >&2')",
  html: 'kb_html("<b>bold</b>")\ncat("after\\n")',
  fiftyThousandLines: 'for (i in 1:50000) cat(i, "\\n", sep = "")',
  longLine: 'cat(strrep("x", 1e7))',
  writeArguments: "writeLines(commandArgs(trailingOnly = TRUE))",
  writeRunOnly: 'cat(Sys.getenv("RUN_ONLY", "unset"), "\\n", sep = "")',
  compute: "s <- 0\nfor (i in 1:10000000) s <- s + i",
  completion: { code: "1 + gre", match: "greet" },
  readTwice: 'first <- readline()\nsecond <- readline()\ncat(first, "+", second, "\\n", sep = "")',
  crashes: [
    { code: "tools::pskill(Sys.getpid(), tools::SIGKILL)", outcome: "lost" },
    { code: "tools::pskill(Sys.getpid(), 11)", outcome: "lost" },
    { code: "quit(status = 3)", outcome: "lost" },
  ],
};
