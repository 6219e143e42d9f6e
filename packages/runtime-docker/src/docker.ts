import type { Runtime } from "@kernelbox/core";
import { DockerRuntime } from "./docker-runtime.ts";

/** Options of {@link docker}. */
export type DockerOptions = {
  /**
   * The engine's Unix socket.
   * @default `DOCKER_HOST`, else Docker's usual socket, else Podman's of this user
   */
  readonly socketPath?: string;
  /** The engine's address: `unix:///path`, `tcp://host:port`, `https://host:port` (with `DOCKER_CERT_PATH`) or `ssh://user@host`. At most one of the two. */
  readonly host?: string;
  /**
   * How a box is reached. `"auto"`: where engine and client share a machine, the box connects to a socket of the client;
   * elsewhere, and where that fails, through `exec`. `"exec"`: always through the engine. @default "auto"
   */
  readonly tunnel?: "auto" | "exec";
  /** The engine's name of a stronger container runtime, such as `"runsc"` where gVisor is installed. @default the engine's own default */
  readonly runtime?: string;
  /**
   * What stands before the names of Kernelbox's own images: boxes without an `image` are made of `PREFIX/python:0.1`.
   * @default `KERNELBOX_IMAGE_PREFIX`, else `"kernelbox"`
   */
  readonly imagePrefix?: string;
};

/**
 * Boxes as locked-down Docker (or Podman) containers.
 *
 * @example
 * const sandbox = await Sandbox.create({ runtime: docker({ runtime: "runsc" }) });
 */
export function docker(options: DockerOptions = {}): Runtime {
  return new DockerRuntime(options);
}
