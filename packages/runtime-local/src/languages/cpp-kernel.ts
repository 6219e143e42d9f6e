import { access, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { runStep } from "../run-step.ts";
import type { BuiltKernel, BuiltKernelPlaces } from "./built-kernel.ts";
import { findMissingCommands } from "./missing-commands.ts";

/** Where packages of LLVM 19 are, on Debian, Ubuntu and of LLVM itself. */
const llvm = "/usr/lib/llvm-19";
/** Of each package, a file: `libclang-19-dev`, `libclang-cpp19-dev`, `llvm-19-dev`, `lld-19`. */
const parts = [
  "include/clang/Interpreter/Interpreter.h",
  "lib/libclang-cpp.so",
  "include/llvm/IR/Module.h",
  "bin/ld.lld",
];
/** Its standard library is what cells include, and has C++23. */
const oldestGcc = 14;
const languages = ["c", "cpp"] as const;

/** Cells of C and C++ are compiled in the box, by a program that has clang in it: that of the machine, as a library. */
export const cppKernel: BuiltKernel = {
  languages,
  title: "C and C++",
  kernel: "runner-cpp",
  needs: `LLVM and clang 19 with their headers, lld 19, g++ ${oldestGcc} or later, and make`,
  findMissing,
  build,
};

async function findMissing(): Promise<string | undefined> {
  try {
    for (const part of parts) await access(join(llvm, part));
  } catch {
    return `clang 19 as a library was not found (libclang-19-dev, libclang-cpp19-dev, llvm-19-dev, lld-19)`;
  }
  return findMissingCommands({ "g++": oldestGcc, make: undefined });
}

async function build({ sources, bin, signal }: BuiltKernelPlaces): Promise<void> {
  const options = signal && { signal };
  const objects = join(sources, "build");
  await runStep(["make", "-s", "-j2", "-C", sources, `OUT=${objects}`, `LLVM=${llvm}`], options);
  await rename(join(objects, "kernelbox-cpp"), join(bin, "kernelbox-cpp"));
  await rm(objects, { recursive: true });
  // The usual headers, compiled once: where they lie is where they will be used.
  for (const language of languages) {
    const header = join(sources, "include", `prelude-${language}.h`);
    const precompiled = join(bin, `prelude-${language}.pch`);
    await runStep([join(bin, "kernelbox-cpp"), "--language", language, "--precompile", header, precompiled], options);
  }
}
