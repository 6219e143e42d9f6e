import { createHash } from "node:crypto";
import { access, cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { locateKernel } from "../bundles.ts";
import { withDirectoryLock } from "../directory-lock.ts";
import { kernelboxHome } from "../kernelbox-home.ts";

/** A kernel whose program is built on this machine, from the sources in its bundle. */
export type BuiltKernel = {
  /** Its languages, as boxes call them. */
  readonly languages: readonly string[];
  /** How people write them. */
  readonly title: string;
  /** The package with its kernel. */
  readonly kernel: string;
  /** What a machine must have for it, in words. */
  readonly needs: string;
  /** Says what this machine does not have; `undefined` where it has all that building needs. */
  readonly findMissing: () => Promise<string | undefined>;
  /** Builds the program into `bin`, which is empty and where it will be used. */
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

/** Written last. */
const readyFile = "ready";

/**
 * Builds a kernel's program, unless it is there already or this is not Linux. Safe to call from two processes: the second
 * waits for the first.
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
  if (await isReady(directory)) return directory;
  const missing = await kernel.findMissing();
  if (missing !== undefined) {
    onProgress(`${missing}: ${withoutLanguages(kernel.languages)}`);
    return undefined;
  }
  try {
    await mkdir(dirname(directory), { recursive: true });
    await withDirectoryLock(`${directory}.lock`, options, async () => {
      if (await isReady(directory)) return;
      onProgress(`Building the program that runs ${kernel.title} cells`);
      await build(kernel, { bundle, directory, signal });
    });
    return directory;
  } catch (error) {
    signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`${withoutLanguages(kernel.languages)}: ${reason}`);
    return undefined;
  }
}

/** What is not usable here, as a part of a sentence or before a reason. */
export function withoutLanguages(languages: readonly string[]): string {
  const names = languages.map((language) => `"${language}"`).join(" and ");
  return `the local runtime will not have the language${languages.length === 1 ? "" : "s"} ${names} (optional)`;
}

/** The directory of the kernel, where it was made. */
export async function locateBuiltKernel(kernel: BuiltKernel): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const { directory } = await placesOf(kernel);
  return (await isReady(directory)) ? directory : undefined;
}

/** In its final place, because a compiler may write that down. */
async function build(
  kernel: BuiltKernel,
  { bundle, directory, signal }: { bundle: string; directory: string; signal: AbortSignal | undefined },
): Promise<void> {
  try {
    // Somebody may have been stopped in the middle.
    await rm(directory, { recursive: true, force: true });
    await cp(bundle, directory, { recursive: true });
    const bin = join(directory, "bin");
    await mkdir(bin);
    await kernel.build({ sources: join(directory, "runner"), bin, ...(signal && { signal }) });
    await writeFile(join(directory, readyFile), "");
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
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

async function isReady(directory: string): Promise<boolean> {
  try {
    await access(join(directory, readyFile));
    return true;
  } catch {
    // Not made yet, which is the answer.
    return false;
  }
}
