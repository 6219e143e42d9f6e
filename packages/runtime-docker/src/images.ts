import { KernelboxError } from "@kernelbox/core";
import type { DockerOptions } from "./docker.ts";

/** The images of single languages, each with the package that has its kernel. */
export const languageImages = {
  bash: "runner-bash",
  cpp: "runner-cpp",
  fortran: "runner-fortran",
  go: "runner-go",
  java: "kernel-java",
  php: "runner-php",
  r: "kernel-r",
  rust: "runner-rust",
} as const;
export type LanguageImageName = keyof typeof languageImages;
export const languageImageNames: readonly LanguageImageName[] = Object.keys(languageImages).filter(isLanguageImage);

/** The images of Kernelbox, in the order in which they are built. The last one is made of those before it. */
export const imageNames: readonly ImageName[] = ["base", "python", ...languageImageNames, "polyglot"];
export type ImageName = "base" | "python" | "polyglot" | LanguageImageName;

/** Those that are made where nobody names any: what `docker()` needs. */
export const usualImageNames: readonly ImageName[] = ["base", "python"];

/** What has to be built for `names`, in the order in which it is. */
export function imagesToBuild(names: readonly ImageName[]): readonly ImageName[] {
  if (!names.includes("polyglot")) return names;
  return imageNames.filter((name) => name !== "base" || names.includes(name));
}

/** The tag of the images that this version of the packages builds and asks for. */
export const imageVersion = "0.1";
const defaultPrefix = "kernelbox";
/** https://pkg.go.dev/github.com/distribution/reference: host, port and path of a name, without tag or digest. */
const prefixPattern = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::\d+)?(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

function isLanguageImage(name: string): name is LanguageImageName {
  return Object.hasOwn(languageImages, name);
}

/** What stands before the images' names: the option, else `KERNELBOX_IMAGE_PREFIX`, else `kernelbox`. */
export function imagePrefix(options: DockerOptions, environment: NodeJS.ProcessEnv = process.env): string {
  const prefix = options.imagePrefix ?? (environment["KERNELBOX_IMAGE_PREFIX"] || defaultPrefix);
  if (prefixPattern.test(prefix)) return prefix;
  throw new KernelboxError(
    "invalid-argument",
    `${JSON.stringify(prefix)} cannot stand before an image's name; write something like "registry.example.com/kernelbox"`,
    { details: { imagePrefix: prefix } },
  );
}

/** The full name of one of our images, such as `kernelbox/python:0.1`. */
export function imageReference(name: ImageName, prefix: string): string {
  return `${prefix}/${name}:${imageVersion}`;
}

/** What boxes are made of when the caller names no image. */
export function defaultImage(options: DockerOptions): string {
  return imageReference("python", imagePrefix(options));
}

/**
 * Whether a missing image may be downloaded. Not `kernelbox/…`: these are built, nobody publishes them, and in a public
 * registry the name may belong to anybody. A name with a registry's host before it is the caller's own word.
 */
export function mayBePulled(image: string): boolean {
  return !image.startsWith(`${defaultPrefix}/`);
}
