import { existsSync } from "node:fs";
import { chmod, cp, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelboxError } from "@kernelbox/core";
import { imageNames, type LanguageImageName, languageImageNames, languageImages } from "./images.ts";

/** Where the parts come from that images are built of. */
export type ImageSources = {
  /** The directory of boxd's bundle. */
  readonly boxdDirectory: string;
  /** The directory of the JavaScript kernel's bundle. */
  readonly kernelJavaScriptDirectory: string;
  /** The directory with the Python launcher's sources and `requirements.txt`. */
  readonly kernelPythonDirectory: string;
  /** The directories of the bundles of the other languages' kernels. */
  readonly kernelDirectories: Readonly<Record<LanguageImageName, string>>;
};

/**
 * Fills a directory with everything that a Dockerfile copies, and nothing else, so that unrelated changes keep the
 * engine's cache. Returns the names in it.
 */
export async function assembleBuildContext(context: string, sources: ImageSources): Promise<string[]> {
  // The bundles have an addon for every system that boxd runs on; images are Debian.
  const filter = (path: string): boolean => !/-darwin-|-musl\.node$/.test(basename(path));
  await cp(sources.boxdDirectory, join(context, "boxd"), { recursive: true, filter });
  await cp(sources.kernelJavaScriptDirectory, join(context, "kernel-javascript"), { recursive: true, filter });
  for (const name of languageImageNames) {
    await cp(sources.kernelDirectories[name], join(context, languageImages[name]), { recursive: true, filter });
  }
  for (const part of ["pyproject.toml", "requirements.txt", "kernelbox_kernel"]) {
    await cp(join(sources.kernelPythonDirectory, part), join(context, "kernel-python", part), {
      recursive: true,
      filter: (path) => basename(path) !== "__pycache__",
    });
  }
  const dockerfiles = dockerfileDirectory();
  for (const name of imageNames) await cp(join(dockerfiles, name, "Dockerfile"), join(context, name, "Dockerfile"));
  const names = await readdir(context);
  await makeReadable(context, names);
  return names;
}

/** The box's user has to read what this user may have installed for themselves only; one mode keeps the cache, too. */
async function makeReadable(context: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await chmod(join(context, name), 0o755);
    for (const entry of await readdir(join(context, name), { recursive: true })) {
      const path = join(context, name, entry);
      const stats = await stat(path);
      // A program stays one.
      await chmod(path, stats.isDirectory() || (stats.mode & 0o100) !== 0 ? 0o755 : 0o644);
    }
  }
}

/** In the published package beside the code; in a checkout in `images/`. */
function dockerfileDirectory(): string {
  const candidates = ["images", "../../../images"].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const found = candidates.find((path) => existsSync(join(path, "python", "Dockerfile")));
  if (found !== undefined) return found;
  throw new KernelboxError("image-not-found", "the Dockerfiles are missing; install @kernelbox/runtime-docker again");
}
