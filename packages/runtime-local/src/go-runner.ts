import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type BuiltKernel, locateBuiltKernel, makeBuiltKernel, type MakeBuiltKernelOptions } from "./built-kernel.ts";
import { runStep } from "./python-environment/run-step.ts";

/** Options of {@link makeGoRunner}. */
export type MakeGoRunnerOptions = MakeBuiltKernelOptions;

const oldestGo = [1, 24] as const;
const versionTimeoutMs = 10_000;

const goKernel: BuiltKernel = {
  language: "go",
  title: "Go",
  kernel: "runner-go",
  findMissing: async () => ((await hasGo()) ? undefined : `Go ${oldestGo.join(".")} or later was not found`),
  // The toolchain that is here, rather than one that it would download.
  build: ({ sources, bin, signal }) =>
    runStep(["env", "GOTOOLCHAIN=local", "sh", join(sources, "build.sh"), join(bin, "kernelbox-go")], {
      ...(signal && { signal }),
    }),
};

/**
 * Builds the program that runs Go cells, unless it is there already or this is not Linux. It needs Go, and Go's module
 * proxy; boxes need neither. Without it, the local runtime does not have the language `go`.
 *
 * @returns the directory of the kernel, or `undefined` where it could not be made
 */
export function makeGoRunner(options: MakeGoRunnerOptions = {}): Promise<string | undefined> {
  return makeBuiltKernel(goKernel, options);
}

/** The directory of the Go kernel, where it was made. */
export function locateGoRunner(): Promise<string | undefined> {
  return locateBuiltKernel(goKernel);
}

async function hasGo(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)("go", ["env", "GOVERSION"], {
      timeout: versionTimeoutMs,
      env: { ...process.env, GOTOOLCHAIN: "local" },
    });
    const [major = 0, minor = 0] = stdout.replace(/^go/, "").split(".").map(Number.parseFloat);
    return major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1]);
  } catch {
    // There is none, which is the answer.
    return false;
  }
}
