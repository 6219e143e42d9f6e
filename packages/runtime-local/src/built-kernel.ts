import { createHash, randomUUID } from "node:crypto";
import { access, cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { locateKernel } from "./bundles.ts";
import { kernelboxHome } from "./kernelbox-home.ts";

/** A kernel whose program is built on this machine, from the sources in its bundle. */
export type BuiltKernel = {
  /** The language, as boxes call it. */
  readonly language: string;
  /** How people write it. */
  readonly title: string;
  /** The package with its kernel. */
  readonly kernel: string;
  /** Says what this machine does not have; `undefined` where it has all that building needs. */
  readonly findMissing: () => Promise<string | undefined>;
  /** Builds the program into `bin`, which is empty. */
  readonly build: (places: BuiltKernelPlaces) => Promise<unknown>;
};

/** Where the sources lie, and where the program goes. */
export type BuiltKernelPlaces = { readonly sources: string; readonly bin: string; readonly signal?: AbortSignal };

/** Options of {@link makeBuiltKernel}. */
export type MakeBuiltKernelOptions = {
  /** Gets one line before each step. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
};

/**
 * Builds a kernel's program, unless it is there already or this is not Linux.
 *
 * @returns the directory of the kernel, or `undefined` where it could not be made
 */
export async function makeBuiltKernel(
  kernel: BuiltKernel,
  options: MakeBuiltKernelOptions = {},
): Promise<string | undefined> {
  const { onProgress = () => undefined, signal } = options;
  if (process.platform !== "linux") return undefined;
  const { bundle, directory } = await placesOf(kernel);
  if (await isThere(directory)) return directory;
  const without = `the local runtime will not have the language "${kernel.language}" (optional)`;
  const missing = await kernel.findMissing();
  if (missing !== undefined) {
    onProgress(`${missing}: ${without}`);
    return undefined;
  }
  onProgress(`Building the program that runs ${kernel.title} cells`);
  const unfinished = `${directory}.${randomUUID()}`;
  try {
    await cp(bundle, unfinished, { recursive: true });
    const bin = join(unfinished, "bin");
    await mkdir(bin);
    await kernel.build({ sources: join(unfinished, "runner"), bin, ...(signal && { signal }) });
    await rename(unfinished, directory);
    return directory;
  } catch (error) {
    signal?.throwIfAborted();
    // Somebody else may have been quicker.
    if (await isThere(directory)) return directory;
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`${without[0]?.toUpperCase() ?? ""}${without.slice(1)}: ${reason}`);
    return undefined;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The directory of the kernel, where it was made. */
export async function locateBuiltKernel(kernel: BuiltKernel): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const { directory } = await placesOf(kernel);
  return (await isThere(directory)) ? directory : undefined;
}

/** Its directory is named after all that it is made of. */
async function placesOf({ kernel }: BuiltKernel): Promise<{ readonly bundle: string; readonly directory: string }> {
  const bundle = await locateKernel(kernel);
  const hash = createHash("sha256").update(process.arch);
  const entries = await readdir(bundle, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".node"));
  for (const path of files.map((file) => join(file.parentPath, file.name)).toSorted()) {
    hash.update(path.slice(bundle.length)).update(await readFile(path));
  }
  return { bundle, directory: join(kernelboxHome(process.env), `${kernel}-${hash.digest("hex").slice(0, 12)}`) };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Not made yet, which is the answer.
    return false;
  }
}
