import { pathInside } from "../bubblewrap-command.ts";
import { type MakeBuiltKernelOptions, withoutLanguages } from "./built-kernel.ts";
import { builtLanguages, makeBuiltKernels } from "./built-languages.ts";
import { installedLanguages } from "./installed-languages.ts";

/** A kernel that boxes have because this machine has its language. */
export type LocalKernel = {
  /** Its languages, as boxes call them. */
  readonly languages: readonly string[];
  /** The directory of its bundle. */
  readonly bundle: string;
  /** Where that is in a box with a file system of its own. */
  readonly inside: string;
};

/** What of the languages that a machine may have boxes can use. */
export type LocalLanguages = {
  readonly usable: readonly LocalKernel[];
  /** By language, what would have to be there. */
  readonly missing: Readonly<Record<string, string>>;
};

/** The languages that boxes with this search path can use. */
export async function localLanguages(searchPath: string): Promise<LocalLanguages> {
  const [installed, built] = await Promise.all([installedLanguages(searchPath), builtLanguages()]);
  return {
    usable: [...installed.usable, ...built.usable],
    missing: { ...installed.missing, ...built.missing },
  };
}

/** Options of {@link makeLocalKernels}. */
export type MakeLocalKernelsOptions = MakeBuiltKernelOptions;

/**
 * Builds the kernels for C and C++, Fortran, Go and Rust, each where this machine has what it takes and it is not there
 * already (minutes, the first time). What the machine does not have, and what cannot be built, is told to `onProgress` and
 * is no error.
 */
export async function makeLocalKernels(options: MakeLocalKernelsOptions = {}): Promise<void> {
  await makeBuiltKernels(options);
  const { missing } = await installedLanguages(pathInside);
  for (const [language, needs] of Object.entries(missing)) {
    options.onProgress?.(`${needs} was not found: ${withoutLanguages([language])}`);
  }
}
