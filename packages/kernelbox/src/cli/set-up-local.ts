import { makePythonEnvironment } from "@kernelbox/runtime-local";
import type { CommandContext } from "./run-command.ts";

/** Makes the Python environment of the local runtime. */
export async function setUpLocal(certificates: string, { print, signal }: CommandContext): Promise<void> {
  const environment = await makePythonEnvironment({ certificates, onProgress: print, signal });
  print(`The local runtime is ready: ${environment.prefix}`);
}
