import { KernelboxError, type Logger } from "@kernelbox/core";
import type { Engine } from "./engine.ts";
import { errorFromEngine, reasonOf, statusOf } from "./engine-error.ts";

type PullProgress = { readonly status?: string; readonly id?: string; readonly progress?: string };

/** Gets an image that the engine does not have. Its progress goes to the logger. */
export async function pullImage(
  engine: Engine,
  image: string,
  options: { readonly logger: Logger; readonly signal?: AbortSignal },
): Promise<void> {
  const { logger, signal } = options;
  logger.info(`pulling the image ${image}`);
  let stream: NodeJS.ReadableStream;
  try {
    stream = await engine.client.pull(image, signal === undefined ? {} : { abortSignal: signal });
  } catch (error) {
    if (signal?.aborted !== true && statusOf(error) !== undefined) throw notFound(image, error);
    throw errorFromEngine(error, engine, signal);
  }
  await new Promise<void>((resolve, reject) => {
    engine.client.modem.followProgress(
      stream,
      (error) => {
        if (error === null) resolve();
        else reject(signal?.aborted === true ? errorFromEngine(error, engine, signal) : notFound(image, error));
      },
      (progress: PullProgress) => logger.debug(`pulling ${image}`, { ...progress }),
    );
  });
}

function notFound(image: string, cause: unknown): KernelboxError {
  return new KernelboxError(
    "image-not-found",
    `the engine has no image ${image} and cannot pull it (${reasonOf(cause)}); build the images of Kernelbox with "npx kernelbox setup docker", or name another image`,
    { cause, details: { image } },
  );
}
