import type { CreateContextRequest } from "@kernelbox/protocol";
import type { Activity } from "../activity.ts";
import type { ContextJournal } from "../journal/journal.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import type { Kernel } from "./kernel.ts";
import type { KernelForks } from "./kernel-forks.ts";
import type { Kernelspec } from "./kernelspecs.ts";

/** What a context is made of. */
export type CodeContextOptions = {
  readonly id: string;
  readonly spec: Kernelspec;
  readonly cwd: string;
  /** What was asked for, which a fork of it has in common. */
  readonly origin: CreateContextRequest;
  readonly isDefault: boolean;
  /** The context's own limit, shown in its info. */
  readonly timeoutMs: number | undefined;
  /** The box's limit, for executions of a context without its own. */
  readonly boxTimeoutMs: number;
  /** Makes the kernels that begin from nothing. */
  readonly startKernel: (signal: AbortSignal) => Promise<Kernel>;
  readonly forks: KernelForks;
  readonly checkpoints: CheckpointStore;
  /** Of the box, for an error that says what to do. */
  readonly languagesWithForks: () => readonly string[];
  readonly journal: ContextJournal;
  readonly activity: Activity;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};
