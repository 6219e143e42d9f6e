import { makePythonEnvironment } from "@kernelbox/runtime-local";
import type { CommandContext } from "./run-command.ts";

/** Makes the Python environment of the local runtime. */
export async function setUpLocal({ print, signal }: CommandContext): Promise<void> {
  const environment = await makePythonEnvironment({ onProgress: print, signal });
  print(`The local runtime is ready: ${environment.prefix}`);
}
