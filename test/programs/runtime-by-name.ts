import type { Runtime } from "kernelbox";
import { docker } from "kernelbox/docker";
import { local } from "kernelbox/local";

/** The runtime that a test runs on, in another process. */
export function runtimeByName(name: string | undefined): Runtime {
  if (name === "docker") return docker();
  if (name === "docker-exec") return docker({ tunnel: "exec" });
  if (name === "local") return local({ isolation: "bubblewrap" });
  if (name === "local-unboxed") return local({ isolation: "none" });
  throw new Error(`no runtime is called ${String(name)}`);
}
