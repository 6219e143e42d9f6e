import { createHash } from "node:crypto";
import { v7 as uuid } from "uuid";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { silentLogger } from "../logger.ts";
import type { BoxSpec, Limits, Runtime, RuntimeCapabilities } from "../runtime/runtime.ts";
import type { CreateSandboxOptions } from "./sandbox-options.ts";

const defaults = {
  network: "none",
  memoryMiB: 2048,
  cpus: 2,
  pids: 512,
  diskMiB: 1024,
  timeoutMs: 60_000,
  idleTimeoutMs: 600_000,
  maxLifetimeMs: 86_400_000,
} as const;

/**
 * What the runtime is asked for. An option that was written and cannot be kept is refused; a default is dropped.
 *
 * @throws KernelboxError `capability-unsupported`
 */
export function boxSpecFrom(runtime: Runtime, options: CreateSandboxOptions, name: string | undefined): BoxSpec {
  refuseUnsupported(runtime, options);
  const { image, workdir, kernels } = options;
  const settings = {
    limits: limitsFrom(runtime.capabilities, options),
    env: { ...options.env },
    mounts: (options.mounts ?? []).map(({ source, target, readOnly = true }) => ({ source, target, readOnly })),
    labels: { ...options.labels },
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
    idleTimeoutMs: options.idleTimeoutMs ?? defaults.idleTimeoutMs,
    maxLifetimeMs: options.maxLifetimeMs ?? defaults.maxLifetimeMs,
    ...(kernels === undefined ? {} : { kernels }),
    ...(image === undefined ? {} : { image }),
    ...(workdir === undefined ? {} : { workdir }),
  };
  return {
    ...settings,
    id: uuid(),
    optionsFingerprint: fingerprint(settings),
    logger: options.logger ?? silentLogger,
    ...(name === undefined ? {} : { name }),
  };
}

/** The same for the same options, whatever the order in which they were written. */
export function fingerprint(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex")
    .slice(0, 32);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function refuseUnsupported(runtime: Runtime, options: CreateSandboxOptions): void {
  const can = runtime.capabilities;
  const { network, memoryMiB, cpus, pids, diskMiB, image, mounts = [] } = options;
  const refusals: readonly (readonly [string, boolean, string])[] = [
    ["network", network !== undefined && !can.network.includes(network), `give network ${JSON.stringify(network)}`],
    ["memoryMiB", memoryMiB !== undefined && !can.memory, "limit memory"],
    ["cpus", cpus !== undefined && !can.cpu, "limit CPUs"],
    ["pids", pids !== undefined && !can.pids, "limit processes"],
    ["diskMiB", diskMiB !== undefined && !can.disk, "limit disk space"],
    ["image", image !== undefined && !can.image, "use an image"],
    ["mounts", mounts.length > 0 && !can.mounts, "mount directories"],
  ];
  for (const [option, isRefused, what] of refusals) {
    if (!isRefused) continue;
    const other = runtime.name === "docker" ? "another runtime" : "the docker runtime";
    throw new KernelboxError(
      "capability-unsupported",
      `runtime "${runtime.name}" cannot ${what}; remove ${option} or use ${other}`,
      { details: { runtime: runtime.name, option } },
    );
  }
}

function limitsFrom(can: RuntimeCapabilities, options: CreateSandboxOptions): Limits {
  const network = options.network ?? defaults.network;
  return {
    ...(can.network.includes(network) ? { network } : {}),
    ...(can.memory ? { memoryMiB: options.memoryMiB ?? defaults.memoryMiB } : {}),
    ...(can.cpu ? { cpus: options.cpus ?? defaults.cpus } : {}),
    ...(can.pids ? { pids: options.pids ?? defaults.pids } : {}),
    ...(can.disk ? { diskMiB: options.diskMiB ?? defaults.diskMiB } : {}),
  };
}
