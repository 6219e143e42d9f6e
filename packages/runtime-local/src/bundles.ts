import { access } from "node:fs/promises";
import { join } from "node:path";
import { KernelboxError } from "@kernelbox/core";
import { packageDirectory } from "./package-directory.ts";

/** The directory of boxd's bundle in the installed package `@kernelbox/boxd`. */
export function locateBoxdBundle(): Promise<string> {
  return locateBundle("@kernelbox/boxd", "boxd.mjs");
}

/** The directory of the JavaScript kernel's bundle in the installed package `@kernelbox/kernel-javascript`. */
export function locateJavaScriptKernel(): Promise<string> {
  return locateBundle("@kernelbox/kernel-javascript", "kernel.cjs");
}

/** The directory of the bundle in the installed package of a language's kernel, such as `runner-php`. */
export function locateKernel(name: string): Promise<string> {
  return locateBundle(`@kernelbox/${name}`, "kernels");
}

async function locateBundle(packageName: string, file: string): Promise<string> {
  const directory = join(packageDirectory(packageName), "dist", "bundle");
  try {
    await access(join(directory, file));
    return directory;
  } catch (error) {
    throw new KernelboxError(
      "box-start-failed",
      `${join(directory, file)} is missing; install ${packageName} again, or run "npm run setup" in a checkout`,
      { cause: error },
    );
  }
}
