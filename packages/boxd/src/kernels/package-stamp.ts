import { readdirSync } from "node:fs";
import type { Kernelspec } from "./kernelspecs.ts";

/** Names the place in a box where code installs packages; each language has a directory of its own below it. */
export const packagesVariable = "KERNELBOX_PACKAGES";

/** Of no package: caches, and what the language has put there itself. */
const notPackage = /^__pycache__$|\.pth$/;

/** What changes when a package is installed, replaced by another version, or removed; empty where none is there. */
export function packageStamp(spec: Kernelspec, environment: Readonly<Record<string, string | undefined>>): string {
  const root = environment[packagesVariable] ?? "";
  const directories = root === "" ? [] : (spec.template?.packages ?? []);
  return directories.flatMap((directory) => namesIn(directory.replaceAll("{packages}", root))).join("\n");
}

/** Python's have the version in the name of their `.dist-info`. */
function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !notPackage.test(name))
      .toSorted();
  } catch {
    // Not made yet.
    return [];
  }
}
