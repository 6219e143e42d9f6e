import { z } from "zod";
import { checkArgument, invalidArgument, signalSchema, timeoutSchema, variablesSchema } from "../check-argument.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { FileData } from "../files/file-data.ts";
import type { Logger } from "../logger.ts";
import type { NetworkMode, Runtime, WaitOptions } from "../runtime/runtime.ts";
import { type KernelReadiness, kernelReadinessSchema } from "./kernel-readiness.ts";

/** Something of the host that the box sees. */
export type MountOptions = {
  /** A path of the host. */
  readonly source: string;
  /** An absolute path in the box. */
  readonly target: string;
  /** @default true */
  readonly readOnly?: boolean | undefined;
};

/** Options of `Sandbox.create` and `getSandbox`. */
export type CreateSandboxOptions = WaitOptions & {
  /** Where the box comes from. @default Docker, in the package `kernelbox` */
  readonly runtime?: Runtime | undefined;
  /** @default the runtime's own */
  readonly image?: string | undefined;
  /** @default "none" */
  readonly network?: NetworkMode | undefined;
  /** @default 2048 */
  readonly memoryMiB?: number | undefined;
  /** @default 2 */
  readonly cpus?: number | undefined;
  /** Processes and threads. @default 512 */
  readonly pids?: number | undefined;
  /** @default 1024 */
  readonly diskMiB?: number | undefined;
  /** Environment of everything in the box. @default none */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Where relative paths start. @default the runtime's: `/workspace` in a container */
  readonly workdir?: string | undefined;
  /** The time limit of a run of code, where neither the run nor its context has one. 0: none. @default 60_000 */
  readonly timeoutMs?: number | undefined;
  /** What the box makes ready beforehand, and keeps of the past. */
  readonly kernels?: KernelReadiness | undefined;
  /** Files that are there before the first code runs, by path. A sandbox that lives already gets none. */
  readonly files?: Readonly<Record<string, FileData>> | undefined;
  readonly mounts?: readonly MountOptions[] | undefined;
  /** What `Sandbox.list` can look for. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** The box ends after this time without any use. 0: never. @default 600_000 */
  readonly idleTimeoutMs?: number | undefined;
  /** The box ends after this time in any case. 0: never. @default 86_400_000 */
  readonly maxLifetimeMs?: number | undefined;
  /** The longest time until the box answers. @default 30_000 */
  readonly startTimeoutMs?: number | undefined;
  /** @default silent */
  readonly logger?: Logger | undefined;
};

/** Options of `Sandbox.connect` and `Sandbox.stop`. */
export type ConnectOptions = WaitOptions & Pick<CreateSandboxOptions, "runtime" | "logger" | "startTimeoutMs">;

/** Options of `Sandbox.list`. */
export type ListSandboxesOptions = WaitOptions &
  Pick<CreateSandboxOptions, "runtime"> & {
    /** Only sandboxes that have all of these. */
    readonly labels?: Readonly<Record<string, string>> | undefined;
  };

const runtimeSchema = z
  .custom(
    (value) =>
      value === undefined || (typeof value === "object" && value !== null && "create" in value && "attach" in value),
    "expected a runtime, such as docker()",
  )
  .optional();
const loggerSchema = z
  .custom(
    (value) => value === undefined || (typeof value === "object" && value !== null && "child" in value),
    "expected a Logger",
  )
  .optional();
const connectShape = {
  runtime: runtimeSchema,
  logger: loggerSchema,
  startTimeoutMs: timeoutSchema,
  signal: signalSchema,
};
const amount = z.number().positive().optional();
const createSchema = z.strictObject({
  ...connectShape,
  image: z.string().min(1).optional(),
  network: z.enum(["none", "internet"]).optional(),
  memoryMiB: amount,
  cpus: amount,
  pids: z.number().int().positive().optional(),
  diskMiB: amount,
  env: variablesSchema,
  workdir: z.string().min(1).optional(),
  timeoutMs: timeoutSchema,
  kernels: kernelReadinessSchema.optional(),
  files: z.record(z.string().min(1), z.unknown()).optional(),
  mounts: z
    .array(
      z.strictObject({
        source: z.string().min(1),
        target: z.string().regex(/^\//, "must be an absolute path of the box"),
        readOnly: z.boolean().optional(),
      }),
    )
    .optional(),
  labels: z.record(z.string(), z.string()).optional(),
  idleTimeoutMs: timeoutSchema,
  maxLifetimeMs: timeoutSchema,
});
const connectSchema = z.strictObject(connectShape);
const listSchema = z.strictObject({
  runtime: runtimeSchema,
  labels: z.record(z.string(), z.string()).optional(),
  signal: signalSchema,
});

/** Refuses wrong options before anything starts. */
export function checkCreate(options: CreateSandboxOptions, call: string): void {
  const network: unknown = options.network;
  if (typeof network === "object" && network !== null) {
    throw new KernelboxError(
      "capability-unsupported",
      `${call}: network { allow } is not supported; use "none" or "internet"`,
    );
  }
  checkArgument(createSchema, options, call);
}

/** Refuses wrong options before anything is asked. */
export function checkConnect(options: ConnectOptions, call: string): void {
  checkArgument(connectSchema, options, call);
}

/** Refuses wrong options before anything is asked. */
export function checkList(options: ListSandboxesOptions): void {
  checkArgument(listSchema, options, "Sandbox.list");
}

/** Refuses a name that not every runtime could keep. */
export function checkName(name: unknown): void {
  if (typeof name === "string" && /^[a-z0-9][a-z0-9-]{0,62}$/.test(name)) return;
  throw invalidArgument(
    `getSandbox: the name ${JSON.stringify(name)} does not fit; use 1 to 63 of a-z, 0-9 and "-", beginning with a letter or digit`,
  );
}
