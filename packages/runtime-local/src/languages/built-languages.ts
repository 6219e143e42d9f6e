import { kernelboxHome } from "../kernelbox-home.ts";
import { type BuiltKernel, locateBuiltKernel, makeBuiltKernel, type MakeBuiltKernelOptions } from "./built-kernel.ts";
import { cppKernel } from "./cpp-kernel.ts";
import { fortranKernel } from "./fortran-kernel.ts";
import { goKernel } from "./go-kernel.ts";
import type { LocalLanguages } from "./local-languages.ts";
import { rustKernel } from "./rust-kernel.ts";

const kernels: readonly BuiltKernel[] = [cppKernel, fortranKernel, goKernel, rustKernel];
const found = new Map<string, LocalLanguages>();

/** The kernels that {@link makeBuiltKernels} has built on this machine. */
export async function builtLanguages(): Promise<LocalLanguages> {
  const home = kernelboxHome(process.env);
  const known = found.get(home);
  if (known !== undefined) return known;
  const located = await Promise.all(
    kernels.map(async (kernel) => ({ kernel, bundle: await locateBuiltKernel(kernel) })),
  );
  const languages = {
    usable: located.flatMap(({ kernel, bundle }) =>
      // Where it was built is where it has to be.
      bundle === undefined ? [] : [{ languages: kernel.languages, bundle, inside: bundle }],
    ),
    missing: Object.fromEntries(
      located.flatMap(({ kernel, bundle }) =>
        bundle === undefined
          ? kernel.languages.map((name) => [name, `${kernel.needs}, and then "npx kernelbox setup local"`] as const)
          : [],
      ),
    ),
  };
  if (languages.usable.length > 0) found.set(home, languages);
  return languages;
}

/** Builds them, each where this machine has what it takes and it is not there already. */
export async function makeBuiltKernels(options: MakeBuiltKernelOptions = {}): Promise<void> {
  for (const kernel of kernels) await makeBuiltKernel(kernel, options);
  found.clear();
}
