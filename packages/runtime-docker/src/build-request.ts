import type { ImageBuildOptions } from "dockerode";
import { type ImageName, imageVersion } from "./images.ts";

/** What the engine is asked for, with the image's full name. */
export type BuildRequest = ImageBuildOptions & { readonly t: string };

/** The request for one image. Proxies are arguments that the engine knows of itself and keeps out of history and cache. */
export function buildRequest(
  name: ImageName,
  tag: string,
  options: { readonly prefix: string; readonly certificates?: string; readonly networkMode?: string },
  environment: NodeJS.ProcessEnv = process.env,
): BuildRequest {
  const { prefix, certificates = "", networkMode } = options;
  const proxies = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].flatMap((key) => {
    const value = environment[key] ?? environment[key.toLowerCase()];
    return value === undefined || value === "" ? [] : [[key, value] as const];
  });
  const buildargs = {
    ...Object.fromEntries(proxies),
    ...(name === "go" && environment["GOPROXY"] ? { GOPROXY: environment["GOPROXY"] } : {}),
    ...(name === "polyglot" ? { KERNELBOX_IMAGES: prefix, KERNELBOX_VERSION: imageVersion } : {}),
    ...(certificates === "" ? {} : { KERNELBOX_EXTRA_CA_BASE64: Buffer.from(certificates).toString("base64") }),
  };
  return {
    t: tag,
    dockerfile: `${name}/Dockerfile`,
    ...(networkMode === undefined ? {} : { networkmode: networkMode }),
    ...(Object.keys(buildargs).length === 0 ? {} : { buildargs }),
  };
}
