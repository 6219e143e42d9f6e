import {
  makeFortranRunner,
  makeGoRunner,
  makeProcessSupervisor,
  makePythonEnvironment,
  makeRustRunner,
} from "@kernelbox/runtime-local";
import type { CommandContext } from "./run-command.ts";

/** Makes the Python environment of the local runtime, and where there are compilers the supervisor and the kernels for Go, Fortran and Rust. */
export async function setUpLocal(certificates: string, { print, signal }: CommandContext): Promise<void> {
  const environment = await makePythonEnvironment({ certificates, onProgress: print, signal });
  await makeProcessSupervisor({ onProgress: print, signal });
  await makeGoRunner({ onProgress: print, signal });
  await makeFortranRunner({ onProgress: print, signal });
  await makeRustRunner({ onProgress: print, signal });
  print(`The local runtime is ready: ${environment.prefix}`);
}
