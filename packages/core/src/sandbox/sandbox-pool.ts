import { unsupportedError } from "../errors/unsupported-error.ts";
import type { CreateSandboxOptions } from "./sandbox-options.ts";

/** Options of {@link SandboxPool.create}. */
export type SandboxPoolOptions = {
  /** How many sandboxes are kept ready. */
  readonly size: number;
  /** Languages whose default context is started beforehand. */
  readonly warm?: readonly string[];
  readonly sandbox?: CreateSandboxOptions;
};

/** Sandboxes that are made before they are asked for. Not supported yet: `create` says so. */
export class SandboxPool {
  private constructor() {}

  /** @throws KernelboxError `capability-unsupported` */
  static create(_options: SandboxPoolOptions): Promise<SandboxPool> {
    return Promise.reject(unsupportedError("SandboxPool.create", "make sandboxes with Sandbox.create"));
  }
}
