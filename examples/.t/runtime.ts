import { spawnSync } from "node:child_process";
import type { Runtime } from "@kernelbox/core";
import { docker } from "@kernelbox/runtime-docker";
import { local } from "@kernelbox/runtime-local";

/** The runtime that KERNELBOX_RUNTIME names: `docker`, or `local` (the default, which needs no container engine). */
export function exampleRuntime(): Runtime {
  const name = process.env["KERNELBOX_RUNTIME"] ?? "local";
  if (name === "docker") return docker();
  if (name !== "local") throw new Error(`KERNELBOX_RUNTIME is ${JSON.stringify(name)}; it can be docker or local`);
  const isolation = bubblewrapWorks() ? "bubblewrap" : "none";
  console.error(
    isolation === "none"
      ? "runtime: local, NOT isolated (bubblewrap is missing): the code runs as you, on this machine"
      : "runtime: local, isolated by bubblewrap",
  );
  return local({ isolation });
}

function bubblewrapWorks(): boolean {
  return spawnSync("bwrap", ["--ro-bind", "/", "/", "--unshare-all", "true"]).status === 0;
}
