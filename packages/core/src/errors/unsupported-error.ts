import { KernelboxError } from "./kernelbox-error.ts";

/** What a call rejects with that is part of the API and that no box can do yet. */
export function unsupportedError(call: string, instead: string): KernelboxError {
  return new KernelboxError("capability-unsupported", `${call} is not supported by this version; ${instead}`);
}
