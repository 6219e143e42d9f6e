import type { DockerOptions } from "./docker.ts";
import { engineFromOptions } from "./engine.ts";
import { type ImageName, imagePrefix, imageReference, usualImageNames } from "./images.ts";
import { pullImage } from "./pull-image.ts";

/** Options of {@link pullImages}. */
export type PullImagesOptions = DockerOptions & {
  /** Which images. @default base and python */
  readonly names?: readonly ImageName[];
  /** Gets the engine's output, line by line. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
};

/**
 * Downloads the images from the registry that `imagePrefix` names, and returns their names. Under the name `kernelbox`
 * alone nobody publishes them: that is refused.
 */
export async function pullImages(options: PullImagesOptions): Promise<readonly string[]> {
  const { names = usualImageNames, onProgress, signal } = options;
  const engine = engineFromOptions(options);
  const prefix = imagePrefix(options);
  const pulled: string[] = [];
  for (const name of names) {
    const image = imageReference(name, prefix);
    onProgress?.(`Pulling ${image}`);
    await pullImage(engine, image, {
      ...(onProgress === undefined ? {} : { onLine: onProgress }),
      ...(signal === undefined ? {} : { signal }),
    });
    pulled.push(image);
  }
  return pulled;
}
