import { execFileSync } from "node:child_process";
import type { InstallPlace } from "./jupyter-directory.ts";

/** How the command is called. */
export const usage = `Usage: npx @kernelbox/kernel-javascript install [--user | --sys-prefix | --prefix DIRECTORY]

Installs the kernels "javascript" and "typescript" for JupyterLab and every other Jupyter client.

  --user              for this user (the default)
  --sys-prefix        into the Python environment that is active: that of "python3"
  --prefix DIRECTORY  into DIRECTORY/share/jupyter
`;

/** What was asked for. */
export type InstallRequest = { readonly type: "install"; readonly place: InstallPlace } | { readonly type: "help" };

/**
 * Reads the command's arguments.
 *
 * @throws Error they make no sense, or there is no Python to ask for its prefix
 */
export function readCommandLine(args: readonly string[]): InstallRequest {
  const [command, ...rest] = args;
  if (command === undefined || command === "--help" || command === "-h" || rest.includes("--help"))
    return { type: "help" };
  if (command !== "install") throw new Error(`there is no command ${JSON.stringify(command)}; there is "install"`);
  return { type: "install", place: placeFrom(rest) };
}

function placeFrom(args: readonly string[]): InstallPlace {
  const [option = "--user", value, ...more] = args;
  if (option === "--prefix" && value !== undefined && more.length === 0) return { type: "prefix", prefix: value };
  if (option.startsWith("--prefix=") && value === undefined) {
    return { type: "prefix", prefix: option.slice("--prefix=".length) };
  }
  if (value === undefined && option === "--user") return { type: "user" };
  if (value === undefined && option === "--sys-prefix") return { type: "prefix", prefix: pythonPrefix() };
  throw new Error(
    `these options make no sense: ${args.join(" ")}; give one of --user, --sys-prefix, --prefix DIRECTORY`,
  );
}

function pythonPrefix(): string {
  const script = "import sys; print(sys.prefix)";
  try {
    return execFileSync("python3", ["-c", script], { encoding: "utf8", timeout: 30_000 }).trim();
  } catch (error) {
    throw new Error("there is no python3 to ask for its prefix; activate an environment, or use --prefix", {
      cause: error,
    });
  }
}
