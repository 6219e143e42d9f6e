import { type BoxdConfigInput, boxdExitCodes, boxMarkVariable } from "@kernelbox/protocol";
import type { BoxExitReason } from "./box.ts";
import type { BoxSpec } from "./runtime.ts";

/** Where a runtime puts boxd's things inside the box. */
export type BoxdPlaces = {
  /** The Unix socket that boxd listens on, as seen in the box. */
  readonly socket: string;
  /** Where clients of the same machine put sockets for boxd to connect to; absent: they do not. */
  readonly doorDirectory?: string;
  readonly workdir: string;
  /** Directories besides the workdir that file calls may touch; absent: all of the box. */
  readonly fileRoots?: readonly string[];
  readonly kernelspecDirectories?: readonly string[];
  /** By language, what this machine lacks for it: said to whoever asks for the language. */
  readonly missingLanguages?: Readonly<Record<string, string>>;
  /** Where the journal may spill to; absent: memory only. */
  readonly spillDirectory?: string;
};

/** The environment that boxd is started with: its configuration, and the mark by which its processes are found. */
export function boxdEnvironment(spec: BoxSpec, places: BoxdPlaces): Record<string, string> {
  const { memoryMiB, diskMiB, cpus, pids } = spec.limits;
  const { spares, preload, checkpoints = {} } = spec.kernels ?? {};
  const { doorDirectory, fileRoots, kernelspecDirectories = [], missingLanguages = {}, spillDirectory } = places;
  const config: BoxdConfigInput = {
    boxId: spec.id,
    socket: places.socket,
    ...(doorDirectory === undefined ? {} : { doorDirectory }),
    workdir: places.workdir,
    ...(fileRoots === undefined ? {} : { fileRoots: [...fileRoots] }),
    env: { ...spec.env },
    timeoutMs: spec.timeoutMs,
    idleTimeoutMs: spec.idleTimeoutMs,
    maxLifetimeMs: spec.maxLifetimeMs,
    kernelspecDirectories: [...kernelspecDirectories],
    missingLanguages: { ...missingLanguages },
    ...(spillDirectory === undefined ? {} : { spillDirectory }),
    ...(spares === undefined ? {} : { spares }),
    ...(preload === undefined ? {} : { preload: preload === false ? false : [...preload] }),
    checkpoints: {
      ...(checkpoints.count === undefined ? {} : { count: checkpoints.count }),
      ...(checkpoints.memoryMiB === undefined ? {} : { memoryBytes: checkpoints.memoryMiB * 1_048_576 }),
    },
    limits: {
      ...(memoryMiB === undefined ? {} : { memoryBytes: memoryMiB * 1_048_576 }),
      ...(diskMiB === undefined ? {} : { diskBytes: diskMiB * 1_048_576 }),
      ...(cpus === undefined ? {} : { cpus }),
      ...(pids === undefined ? {} : { pids }),
    },
  };
  return { KERNELBOX_BOXD: JSON.stringify(config), [boxMarkVariable]: spec.id };
}

/** Why boxd ended, by its exit code; `crashed` for every code that boxd does not use. */
export function exitReasonFromCode(exitCode: number): BoxExitReason {
  if (exitCode === boxdExitCodes.stopped) return "stopped";
  if (exitCode === boxdExitCodes.idle) return "idle";
  if (exitCode === boxdExitCodes.lifetime) return "lifetime";
  return "crashed";
}

export { boxMarkVariable };
