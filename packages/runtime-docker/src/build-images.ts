import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { AbortError, KernelboxError } from "@kernelbox/core";
import { openBuildArchive } from "./build-archive.ts";
import { assembleBuildContext, type ImageSources } from "./build-context.ts";
import { type BuildRequest, buildRequest } from "./build-request.ts";
import type { DockerOptions } from "./docker.ts";
import { type Engine, engineFromOptions } from "./engine.ts";
import { errorFromEngine, reasonOf, statusOf } from "./engine-error.ts";
import { followEngine } from "./engine-progress.ts";
import { type ImageName, imagePrefix, imageReference, imagesToBuild, usualImageNames } from "./images.ts";

/** Options of {@link buildImages}. */
export type BuildImagesOptions = DockerOptions &
  ImageSources & {
    /** Which images; `polyglot` brings those that it is made of. @default base and python */
    readonly names?: readonly ImageName[];
    /**
     * Certificates (PEM) to trust while packages are downloaded, for networks that inspect TLS. They are in no image.
     * @default none
     */
    readonly certificates?: string;
    /** The network of the build's containers, in the engine's words: `"host"`, `"bridge"`. @default the engine's own */
    readonly networkMode?: string;
    /** Gets the engine's output, line by line. */
    readonly onProgress?: (line: string) => void;
    readonly signal?: AbortSignal;
  };

/** Builds the images of Kernelbox with the engine and returns their names. What the engine has in its cache is quick. */
export async function buildImages(options: BuildImagesOptions): Promise<readonly string[]> {
  const engine = engineFromOptions(options);
  const prefix = imagePrefix(options);
  const context = await mkdtemp(join(tmpdir(), "kernelbox-images-"));
  try {
    const files = await assembleBuildContext(context, options);
    const built: string[] = [];
    for (const name of imagesToBuild(options.names ?? usualImageNames)) {
      const tag = imageReference(name, prefix);
      options.onProgress?.(`Building ${tag}`);
      await buildImage(engine, { context, files, request: buildRequest(name, tag, { ...options, prefix }) }, options);
      built.push(tag);
    }
    return built;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function buildImage(
  engine: Engine,
  build: {
    readonly context: string;
    readonly files: string[];
    readonly request: BuildRequest;
  },
  { onProgress, signal }: BuildImagesOptions,
): Promise<void> {
  const { context, files, request } = build;
  const archive = openBuildArchive(context, files);
  try {
    const answer = await engine.client
      .buildImage(archive.stream, { ...request, ...(signal === undefined ? {} : { abortSignal: signal }) })
      .catch((error: unknown) => {
        if (signal?.aborted !== true && statusOf(error) !== undefined) throw buildFailed(request.t, error);
        throw errorFromEngine(error, engine, signal);
      });
    await followEngine(answer as Readable, onProgress).catch((error: unknown) => {
      throw signal?.aborted === true ? new AbortError(signal.reason) : buildFailed(request.t, error);
    });
  } finally {
    archive.close();
  }
}

function buildFailed(tag: string, cause: unknown): KernelboxError {
  return new KernelboxError(
    "image-not-found",
    `building ${tag} failed (${reasonOf(cause)}); the engine's lines above say why. Behind a proxy that inspects TLS, name its certificate: "npx kernelbox setup docker --ca FILE"`,
    { cause, details: { image: tag } },
  );
}
