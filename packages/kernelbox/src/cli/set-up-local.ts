import { makeLocalKernels, makeProcessSupervisor, makePythonEnvironment } from "@kernelbox/runtime-local";
import type { CommandContext } from "./run-command.ts";

/** Makes the Python environment of the local runtime, and where there are compilers the supervisor and the kernels that have to be built. */
export async function setUpLocal(certificates: string, { print, signal }: CommandContext): Promise<void> {
  const environment = await makePythonEnvironment({ certificates, onProgress: print, signal });
  await makeProcessSupervisor({ onProgress: print, signal });
  await makeLocalKernels({ onProgress: print, signal });
  print(`The local runtime is ready: ${environment.prefix}`);
}
