// What this checkout consists of, read from its directories: a new language is a package and an image, and no list.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The images, in the order in which they are built. */
export const imageNames = readdirSync(join(root, "images")).toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));

/** Those that the tests need. The one with all languages is made of the others, takes 2 GB, and is built by name. */
export const testedImageNames = imageNames.filter((name) => name !== "polyglot");

/** The packages with a kernel that is bundled: all kernels but Python's, whose sources are its bundle. */
export const kernelPackages = readdirSync(join(root, "packages"))
  .filter((name) => /^(kernel|runner)-/.test(name) && existsSync(join(root, "packages", name, "bundle.mjs")))
  .toSorted();

/** Those of them that are compiled before they are bundled. */
export const compiledKernelPackages = kernelPackages.filter((name) =>
  existsSync(join(root, "packages", name, "tsconfig.json")),
);

export function isBundled(name) {
  return existsSync(join(root, "packages", name, "dist", "bundle", "kernels"));
}

function rank(name) {
  const first = ["base", "python"].indexOf(name);
  return first === -1 ? 2 : first;
}
