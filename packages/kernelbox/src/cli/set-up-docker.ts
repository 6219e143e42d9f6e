import { KernelboxError } from "@kernelbox/core";
import { buildImages, type LanguageImageName, languageImages, pullImages } from "@kernelbox/runtime-docker";
import { locateBoxdBundle, locateJavaScriptKernel, locateKernel, packageDirectory } from "@kernelbox/runtime-local";
import type { SetUpRequest } from "./command-line.ts";
import type { CommandContext } from "./run-command.ts";

/** Builds the images with the engine that `docker()` uses, or downloads them where that was asked for. */
export async function setUpDocker(
  request: SetUpRequest,
  certificates: string,
  { print, signal }: CommandContext,
): Promise<void> {
  const { images: names, imagePrefix, networkMode } = request;
  const options = { names, onProgress: print, signal, ...(imagePrefix === undefined ? {} : { imagePrefix }) };
  if (request.pull) {
    if (imagePrefix === undefined && !process.env["KERNELBOX_IMAGE_PREFIX"]) throw noRegistry();
    print(`The docker runtime is ready: ${(await pullImages(options)).join(", ")}`);
    return;
  }
  const images = await buildImages({
    ...options,
    boxdDirectory: await locateBoxdBundle(),
    kernelJavaScriptDirectory: await locateJavaScriptKernel(),
    kernelPythonDirectory: packageDirectory("@kernelbox/kernel-python"),
    kernelDirectories: await locateKernels(),
    certificates,
    ...(networkMode === undefined ? {} : { networkMode }),
  });
  print(`The docker runtime is ready: ${images.join(", ")}`);
}

async function locateKernels(): Promise<Record<LanguageImageName, string>> {
  const located = Object.entries(languageImages).map(async ([image, name]) => [image, await locateKernel(name)]);
  return Object.fromEntries(await Promise.all(located));
}

function noRegistry(): KernelboxError {
  return new KernelboxError(
    "invalid-argument",
    "the images of Kernelbox are not in a public registry: name the one that has them with --prefix, or leave out --pull to build them",
  );
}
