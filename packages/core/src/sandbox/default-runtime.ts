import { invalidArgument } from "../check-argument.ts";
import type { Runtime } from "../runtime/runtime.ts";

let makeDefault: (() => Runtime) | undefined;
let made: Runtime | undefined;

/**
 * Says where boxes come from when a call names no runtime. The core itself knows no runtime; the package `kernelbox`
 * calls this once when it is loaded. The runtime is made when it is first needed.
 */
export function setDefaultRuntime(make: () => Runtime): void {
  makeDefault = make;
  made = undefined;
}

/** The runtime that the call names, or the default. */
export function runtimeOrDefault(runtime: Runtime | undefined, call: string): Runtime {
  if (runtime !== undefined) return runtime;
  made ??= makeDefault?.();
  if (made === undefined) throw invalidArgument(`${call}: name a runtime, such as { runtime: docker() }`);
  return made;
}
