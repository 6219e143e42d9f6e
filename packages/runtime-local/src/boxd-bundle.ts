import { access } from "node:fs/promises";
import { join } from "node:path";
import { KernelboxError } from "@kernelbox/core";
import { packageDirectory } from "./package-directory.ts";

/** The directory of boxd's bundle in the installed package `@kernelbox/boxd`. */
export async function locateBoxdBundle(): Promise<string> {
  const directory = join(packageDirectory("@kernelbox/boxd"), "dist", "bundle");
  try {
    await access(join(directory, "boxd.mjs"));
    return directory;
  } catch (error) {
    throw new KernelboxError(
      "box-start-failed",
      `${join(directory, "boxd.mjs")} is missing; install @kernelbox/boxd again, or run "npm run setup" in a checkout`,
      { cause: error },
    );
  }
}
