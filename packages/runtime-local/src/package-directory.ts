import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * The directory of an installed package. Found where Node looks for packages rather than resolved: a package need not
 * export its package.json, and in a checkout its main file may not be built yet.
 */
export function packageDirectory(name: string): string {
  const places = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = places.map((place) => join(place, name)).find((path) => existsSync(join(path, "package.json")));
  if (found === undefined) throw new Error(`the package ${name} is not installed; install kernelbox again`);
  return found;
}
