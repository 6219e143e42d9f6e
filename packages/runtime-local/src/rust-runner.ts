import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BuiltKernel, locateBuiltKernel, makeBuiltKernel, type MakeBuiltKernelOptions } from "./built-kernel.ts";
import { runStep } from "./python-environment/run-step.ts";

/** Options of {@link makeRustRunner}. */
export type MakeRustRunnerOptions = MakeBuiltKernelOptions;

const oldestRust = [1, 91] as const;
const versionTimeoutMs = 10_000;

const rustKernel: BuiltKernel = {
  language: "rust",
  title: "Rust",
  kernel: "runner-rust",
  findMissing,
  build: ({ sources, bin, signal }) => runStep(["sh", join(sources, "build.sh"), bin], { ...(signal && { signal }) }),
};

/**
 * Builds the program that runs Rust cells and the crates that they can use, unless it is there already or this is not
 * Linux. It needs rustc, cargo, a C compiler, and the registry of crates; boxes need the linker `ld`. Without it, the local
 * runtime does not have the language `rust`.
 *
 * @returns the directory of the kernel, or `undefined` where it could not be made
 */
export function makeRustRunner(options: MakeRustRunnerOptions = {}): Promise<string | undefined> {
  return makeBuiltKernel(rustKernel, options);
}

/** The directory of the Rust kernel, where it was made. */
export function locateRustRunner(): Promise<string | undefined> {
  return locateBuiltKernel(rustKernel);
}

async function findMissing(): Promise<string | undefined> {
  const missing: string[] = [];
  for (const command of ["rustc", "cargo"]) {
    const said = await outputOf(command);
    const [major = 0, minor = 0] = (said?.split(" ")[1] ?? "").split(".").map(Number);
    const isOld = major < oldestRust[0] || (major === oldestRust[0] && minor < oldestRust[1]);
    if (said === undefined || isOld) missing.push(`${command} ${oldestRust.join(".")}`);
  }
  for (const command of ["cc", "ld"]) if ((await outputOf(command)) === undefined) missing.push(command);
  return missing.length === 0
    ? undefined
    : `${missing.join(" and ")} ${missing.length === 1 ? "was" : "were"} not found`;
}

async function outputOf(command: string): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(command, ["--version"], { timeout: versionTimeoutMs })).stdout;
  } catch {
    // There is none, which is the answer.
    return undefined;
  }
}
