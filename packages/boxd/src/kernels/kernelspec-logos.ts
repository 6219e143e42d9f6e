import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { FailureError } from "../failure-error.ts";
import type { Kernelspec } from "./kernelspecs.ts";

/**
 * Only pictures that cannot carry a script: whoever installs a kernelspec in a box must not run code in the page of
 * the JupyterLab that lists it. So no `logo-svg.svg`, `kernel.js` or `kernel.css`.
 */
const logoFile = /^logo-[\w-]+\.png$/;

/** The `resources` of a kernelspec's model: where its logos are served, by file name without ending. */
export function logosOf(spec: Kernelspec): Readonly<Record<string, string>> {
  const path = `/kernelspecs/${encodeURIComponent(spec.name)}`;
  return Object.fromEntries(logoFilesOf(spec).map((file) => [file.slice(0, -".png".length), `${path}/${file}`]));
}

/** The bytes of one of them. */
export async function readLogo(spec: Kernelspec, file: string): Promise<Buffer> {
  if (logoFilesOf(spec).includes(file)) return readFile(join(spec.directory, file));
  throw new FailureError("file-not-found", `the kernelspec ${spec.name} has no logo ${JSON.stringify(file)}`);
}

function logoFilesOf(spec: Kernelspec): readonly string[] {
  try {
    return readdirSync(spec.directory).filter((file) => logoFile.test(file));
  } catch {
    // It was uninstalled in this moment.
    return [];
  }
}
