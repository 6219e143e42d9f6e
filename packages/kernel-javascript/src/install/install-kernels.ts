import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Kernelspec, placedKernelspec } from "./kernelspec.ts";

/** Where to install from and to. */
export type InstallOptions = {
  /** The directory of the bundle. */
  readonly bundle: string;
  /** Jupyter's data directory. */
  readonly directory: string;
  /** The Node to run kernels with. */
  readonly node: string;
  readonly platform: NodeJS.Platform;
};

/**
 * Copies the bundle beside Jupyter's kernels and writes a kernelspec for each language; gives their files. A copy,
 * because the directory that `npx` runs from is gone some day.
 */
export async function installKernels(options: InstallOptions): Promise<readonly string[]> {
  const { bundle, directory, node, platform } = options;
  const target = join(directory, "kernelbox-javascript");
  const fresh = `${target}.${process.pid}`;
  const addon = new RegExp(`^zeromq-(?!${platform}-)`);
  await mkdir(directory, { recursive: true });
  await cp(bundle, fresh, { recursive: true, filter: (path) => !addon.test(basename(path)) });
  await rm(target, { recursive: true, force: true });
  await rename(fresh, target);
  const files: string[] = [];
  for (const name of await readdir(join(bundle, "kernels"))) {
    const spec = JSON.parse(await readFile(join(bundle, "kernels", name, "kernel.json"), "utf8")) as Kernelspec;
    const file = join(directory, "kernels", name, "kernel.json");
    await mkdir(join(directory, "kernels", name), { recursive: true });
    const placed = placedKernelspec(spec, { bundle: target, node, platform });
    await writeFile(file, `${JSON.stringify(placed, null, 2)}\n`);
    files.push(file);
  }
  return files;
}
