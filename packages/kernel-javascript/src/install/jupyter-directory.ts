import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Where Jupyter looks for kernels: one of its data directories. */
export type InstallPlace = { readonly type: "user" } | { readonly type: "prefix"; readonly prefix: string };

/**
 * The data directory of a place, in which `kernels/` lies.
 *
 * @see https://docs.jupyter.org/en/latest/use/jupyter-directories.html#data-files
 */
export function jupyterDirectory(
  place: InstallPlace,
  system: { readonly platform: NodeJS.Platform; readonly environment: NodeJS.ProcessEnv },
): string {
  const { platform, environment } = system;
  if (place.type === "prefix") return join(resolve(place.prefix), "share", "jupyter");
  const own = environment["JUPYTER_DATA_DIR"];
  if (own !== undefined && own !== "") return own;
  if (platform === "darwin") return join(homedir(), "Library", "Jupyter");
  if (platform === "win32") return join(environment["APPDATA"] ?? homedir(), "jupyter");
  return join(environment["XDG_DATA_HOME"] || join(homedir(), ".local", "share"), "jupyter");
}
