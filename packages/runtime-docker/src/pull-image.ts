import type { Readable } from "node:stream";
import { AbortError, KernelboxError } from "@kernelbox/core";
import type { Engine } from "./engine.ts";
import { errorFromEngine, reasonOf, statusOf } from "./engine-error.ts";
import { followEngine } from "./engine-progress.ts";
import { mayBePulled } from "./images.ts";

/** Downloads an image that the engine does not have; the engine's lines go to `onLine`. */
export async function pullImage(
  engine: Engine,
  image: string,
  options: { readonly onLine?: (line: string) => void; readonly signal?: AbortSignal },
): Promise<void> {
  const { onLine, signal } = options;
  if (!mayBePulled(image)) throw notThere(image);
  let answer: NodeJS.ReadableStream;
  try {
    answer = await engine.client.pull(image, signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    if (signal?.aborted !== true && statusOf(error) !== undefined) throw notPulled(image, error);
    throw errorFromEngine(error, engine, signal);
  }
  try {
    await followEngine(answer as Readable, onLine);
  } catch (error) {
    throw signal?.aborted === true ? new AbortError(signal.reason) : notPulled(image, error);
  }
}

function notThere(image: string): KernelboxError {
  return new KernelboxError(
    "image-not-found",
    `the engine has no image ${image}; build it with "npx kernelbox setup docker", or name another image`,
    { details: { image } },
  );
}

function notPulled(image: string, cause: unknown): KernelboxError {
  return new KernelboxError(
    "image-not-found",
    `the engine has no image ${image} and cannot pull it (${reasonOf(cause)}); build the images of Kernelbox with "npx kernelbox setup docker", or name another image`,
    { cause, details: { image } },
  );
}
