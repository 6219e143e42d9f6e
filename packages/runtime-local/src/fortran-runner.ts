import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type BuiltKernel, locateBuiltKernel, makeBuiltKernel, type MakeBuiltKernelOptions } from "./built-kernel.ts";
import { runStep } from "./python-environment/run-step.ts";

/** Options of {@link makeFortranRunner}. */
export type MakeFortranRunnerOptions = MakeBuiltKernelOptions;

const oldestGcc = 12;
const versionTimeoutMs = 10_000;

const fortranKernel: BuiltKernel = {
  language: "fortran",
  title: "Fortran",
  kernel: "runner-fortran",
  findMissing,
  build: ({ sources, bin, signal }) =>
    runStep(["make", "-s", "-j2", "-C", sources, `OUT=${bin}`], { ...(signal && { signal }) }),
};

/**
 * Builds the program that runs Fortran cells, unless it is there already or this is not Linux. It needs gfortran, g++ and
 * make, and boxes need gfortran. Without it, the local runtime does not have the language `fortran`.
 *
 * @returns the directory of the kernel, or `undefined` where it could not be made
 */
export function makeFortranRunner(options: MakeFortranRunnerOptions = {}): Promise<string | undefined> {
  return makeBuiltKernel(fortranKernel, options);
}

/** The directory of the Fortran kernel, where it was made. */
export function locateFortranRunner(): Promise<string | undefined> {
  return locateBuiltKernel(fortranKernel);
}

async function findMissing(): Promise<string | undefined> {
  const wanted: readonly (readonly [command: string, argument: string])[] = [
    ["gfortran", "-dumpversion"],
    ["g++", "-dumpversion"],
    ["make", "--version"],
  ];
  const missing: string[] = [];
  for (const [command, argument] of wanted) {
    const said = await outputOf(command, argument);
    if (said === undefined) missing.push(command);
    else if (argument === "-dumpversion" && Number.parseInt(said) < oldestGcc) missing.push(`${command} ${oldestGcc}`);
  }
  return missing.length === 0
    ? undefined
    : `${missing.join(" and ")} ${missing.length === 1 ? "was" : "were"} not found`;
}

async function outputOf(command: string, argument: string): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(command, [argument], { timeout: versionTimeoutMs })).stdout;
  } catch {
    // There is none, which is the answer.
    return undefined;
  }
}
