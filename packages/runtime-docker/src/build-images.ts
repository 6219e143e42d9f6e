import { cp, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { KernelboxError } from "@kernelbox/core";
import type { DockerOptions } from "./docker.ts";
import { type Engine, engineFromOptions } from "./engine.ts";
import { errorFromEngine, reasonOf, statusOf } from "./engine-error.ts";

/** Options of {@link buildImages}. */
export type BuildImagesOptions = DockerOptions & {
  /** The directory of boxd's bundle. */
  readonly boxdDirectory: string;
  /** The directory with the Python launcher's sources and `requirements.txt`. */
  readonly kernelPythonDirectory: string;
  /** Certificates (PEM) to trust while packages are downloaded, for networks that inspect TLS. They stay out of the image. */
  readonly extraCaFiles?: readonly string[];
  /** Gets the engine's output, line by line. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
};

/** The images in the order in which they are built, with the tag that the runtime asks for. */
const names = ["base", "python"] as const;
const version = "0.1";

type BuildProgress = { readonly stream?: string; readonly status?: string };

/** Builds the images of Kernelbox with the engine and returns their names. */
export async function buildImages(options: BuildImagesOptions): Promise<readonly string[]> {
  const engine = engineFromOptions(options);
  const certificates = await Promise.all((options.extraCaFiles ?? []).map((path) => readFile(path)));
  const extraCa = Buffer.concat(certificates).toString("base64");
  const context = await mkdtemp(join(tmpdir(), "kernelbox-images-"));
  try {
    const files = await assembleContext(context, options);
    const built: string[] = [];
    for (const name of names) {
      const tag = `kernelbox/${name}:${version}`;
      options.onProgress?.(`Building ${tag}`);
      await buildImage(engine, { context, files, name, tag, extraCa }, options);
      built.push(tag);
    }
    return built;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

async function buildImage(
  engine: Engine,
  image: { context: string; files: string[]; name: string; tag: string; extraCa: string },
  { onProgress, signal }: BuildImagesOptions,
): Promise<void> {
  try {
    const stream = await engine.client.buildImage(
      { context: image.context, src: image.files },
      {
        t: image.tag,
        dockerfile: `${image.name}/Dockerfile`,
        ...(image.extraCa === "" || image.name === "base"
          ? {}
          : { buildargs: { KERNELBOX_EXTRA_CA_BASE64: image.extraCa } }),
        ...(signal === undefined ? {} : { abortSignal: signal }),
      },
    );
    await new Promise<void>((resolve, reject) => {
      engine.client.modem.followProgress(
        stream,
        (error) => (error === null ? resolve() : reject(buildFailed(image.tag, error))),
        (progress: BuildProgress) => tellLines(progress, onProgress),
      );
    });
  } catch (error) {
    if (statusOf(error) !== undefined) throw buildFailed(image.tag, error);
    throw errorFromEngine(error, engine, signal);
  }
}

/** Everything that a Dockerfile copies, and nothing else, so that unrelated changes keep the engine's cache. */
async function assembleContext(context: string, options: BuildImagesOptions): Promise<string[]> {
  const isSource = (path: string): boolean => basename(path) !== "__pycache__";
  await cp(options.boxdDirectory, join(context, "boxd"), { recursive: true });
  for (const part of ["pyproject.toml", "requirements.txt", "kernelbox_kernel"]) {
    const target = join(context, "kernel-python", part);
    await cp(join(options.kernelPythonDirectory, part), target, { recursive: true, filter: isSource });
  }
  const dockerfiles = dockerfileDirectory();
  for (const name of names) await cp(join(dockerfiles, name, "Dockerfile"), join(context, name, "Dockerfile"));
  return await readdir(context);
}

/** In the published package beside the code; in a checkout in `images/`. */
function dockerfileDirectory(): string {
  const candidates = ["images", "../dist/images", "../../../images"].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(join(path, "python", "Dockerfile")));
  if (found !== undefined) return found;
  throw new KernelboxError("image-not-found", "the Dockerfiles are missing; install @kernelbox/runtime-docker again");
}

function tellLines(progress: BuildProgress, onProgress: ((line: string) => void) | undefined): void {
  for (const line of (progress.stream ?? progress.status ?? "").split("\n")) {
    if (line.trim() !== "") onProgress?.(line.trimEnd());
  }
}

function buildFailed(tag: string, cause: unknown): KernelboxError {
  return new KernelboxError("image-not-found", `building ${tag} failed: ${reasonOf(cause)}`, { cause });
}
