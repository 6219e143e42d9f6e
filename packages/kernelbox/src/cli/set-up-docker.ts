import { KernelboxError } from "@kernelbox/core";
import { buildImages } from "@kernelbox/runtime-docker";
import { locateBoxdBundle, packageDirectory } from "@kernelbox/runtime-local";
import type { CommandContext } from "./run-command.ts";

/** Builds the images with the engine that `docker()` uses. Optional: a missing engine is only told. */
export async function setUpDocker(context: CommandContext, options: { readonly optional: boolean }): Promise<void> {
  try {
    const images = await buildImages({
      boxdDirectory: await locateBoxdBundle(),
      kernelPythonDirectory: packageDirectory("@kernelbox/kernel-python"),
      onProgress: context.print,
      signal: context.signal,
    });
    context.print(`The docker runtime is ready: ${images.join(", ")}`);
  } catch (error) {
    const isMissing = KernelboxError.isInstance(error) && error.code === "engine-unavailable";
    if (!isMissing || !options.optional) throw error;
    context.print(`The images were not built: ${error.message}`);
  }
}
