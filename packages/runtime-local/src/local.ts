import type { Runtime } from "@kernelbox/core";
import { LocalRuntime } from "./local-runtime.ts";

/** Options of {@link local}. */
export type LocalOptions = {
  /**
   * What stands between the code and this machine. `"bubblewrap"`: namespaces of its own, a read-only system, no network
   * unless it is asked for (Linux). `"none"`: the code runs as you and can do what you can.
   * @default "bubblewrap"; where it is not usable, creating a sandbox fails and says so
   */
  readonly isolation?: "bubblewrap" | "none";
  /**
   * A Python environment to use instead of the managed one: its directory or its `python` executable. It has to have
   * a kernelspec under `share/jupyter/kernels`, as `ipykernel` installs it.
   * @default the environment that `npx kernelbox setup local` made
   */
  readonly python?: string;
  /** More directories with kernelspecs (`NAME/kernel.json`), searched before all others. In a bubblewrap box they are read-only. */
  readonly kernelspecDirectories?: readonly string[];
};

/**
 * Boxes as processes of this machine.
 *
 * @example
 * const sandbox = await Sandbox.create({ runtime: local() });
 */
export function local(options: LocalOptions = {}): Runtime {
  return new LocalRuntime(options);
}
