import type { BuiltKernel } from "./built-kernel.ts";
import { runStep } from "../run-step.ts";
import { findMissingCommands } from "./missing-commands.ts";

const oldestGcc = 12;

/** Fortran cells are compiled in the box, by the gfortran of the machine. */
export const fortranKernel: BuiltKernel = {
  languages: ["fortran"],
  title: "Fortran",
  kernel: "runner-fortran",
  needs: `gfortran and g++ ${oldestGcc} or later, and make`,
  findMissing: () => findMissingCommands({ gfortran: oldestGcc, "g++": oldestGcc, make: undefined }),
  build: ({ sources, bin, signal }) =>
    runStep(["make", "-s", "-j2", "-C", sources, `OUT=${bin}`], { ...(signal && { signal }) }),
};
