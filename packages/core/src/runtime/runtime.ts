import type { KernelReadiness } from "../sandbox/kernel-readiness.ts";
import type { Logger } from "../logger.ts";
import type { Box } from "./box.ts";

/** Options of every call of a runtime that can wait. */
export type WaitOptions = { readonly signal?: AbortSignal };

/** What a runtime can enforce. The core refuses a spec that asks for more, before `create` is called. */
export type RuntimeCapabilities = {
  readonly network: readonly NetworkMode[];
  readonly memory: boolean;
  readonly cpu: boolean;
  readonly pids: boolean;
  readonly disk: boolean;
  readonly image: boolean;
  readonly mounts: boolean;
  /** What stands between the code and the machine, in words: "container", "bubblewrap", "none". */
  readonly isolation: string;
  readonly attach: boolean;
};
export type NetworkMode = "none" | "internet";

export type Mount = { readonly source: string; readonly target: string; readonly readOnly: boolean };

/** Resource limits. In a spec: what was asked for. On a box: what is enforced; absent means not limited. */
export type Limits = {
  readonly memoryMiB?: number;
  readonly cpus?: number;
  readonly pids?: number;
  readonly diskMiB?: number;
  readonly network?: NetworkMode;
};

/** What the core asks a runtime for. Defaults are filled in by the core; what the runtime cannot do was removed or refused. */
export type BoxSpec = {
  /** Made by the core (UUID v7); the sandbox's id. */
  readonly id: string;
  readonly name?: string;
  /** A fingerprint of the options, kept by the runtime beside the name, so that a conflict is noticed. */
  readonly optionsFingerprint: string;
  readonly image?: string;
  readonly limits: Limits;
  readonly env: Readonly<Record<string, string>>;
  /** Absent: the runtime's own (`/workspace` in a container). */
  readonly workdir?: string;
  readonly mounts: readonly Mount[];
  readonly labels: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly kernels?: KernelReadiness;
  readonly idleTimeoutMs: number;
  readonly maxLifetimeMs: number;
  readonly logger: Logger;
};

/** A row of `Runtime.list`. */
export type BoxInfo = {
  readonly id: string;
  readonly name?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: string;
  readonly optionsFingerprint: string;
};

/** Where boxes come from. Knows nothing of kernels. A stable, synchronous object: no I/O when it is made. */
export interface Runtime {
  readonly name: string;
  readonly capabilities: RuntimeCapabilities;
  /**
   * Called once per sandbox. Resolves when the box can be dialled, never before; on failure everything that was
   * opened is torn down. With `spec.name` it is atomic across processes: where a living box has the name, it fails with
   * a `NameTakenError`, which carries that box's row.
   */
  create(spec: BoxSpec, options?: WaitOptions): Promise<Box>;
  /** Finds a living box again, from any process. Unknown or ended: `sandbox-not-found`. Never creates. */
  attach(id: string, options?: WaitOptions): Promise<Box>;
  /** The living boxes of this runtime. */
  list(options?: WaitOptions): Promise<readonly BoxInfo[]>;
  /**
   * Gives a living box that has no name one, for `getSandbox` with a pool. From then on it is as if it had been created with
   * it; atomic across processes like that: where another living box has the name, it fails with a `NameTakenError`.
   * Unknown or ended: `sandbox-not-found`. Absent: the runtime cannot.
   */
  assignName?(id: string, name: string, options?: WaitOptions): Promise<void>;
  /** Replaces the labels of a living box, for `pool.acquire`. Unknown or ended: `sandbox-not-found`. Absent: the runtime cannot. */
  assignLabels?(id: string, labels: Readonly<Record<string, string>>, options?: WaitOptions): Promise<void>;
}
