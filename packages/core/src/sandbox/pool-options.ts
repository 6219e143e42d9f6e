import { z } from "zod";
import { checkArgument, invalidArgument, signalSchema, timeoutSchema } from "../check-argument.ts";
import type { Language } from "../contexts/language.ts";
import type { FileData } from "../files/file-data.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import { type CreateSandboxOptions, checkCreate } from "./sandbox-options.ts";

/** Options of `SandboxPool.create`. */
export type SandboxPoolOptions = WaitOptions & {
  /** How many sandboxes are kept ready. */
  readonly size: number;
  /** Languages whose default context has started before a sandbox counts as ready. @default none */
  readonly warm?: readonly Language[] | undefined;
  /** How many sandboxes are made at the same time. @default 2 */
  readonly parallelism?: number | undefined;
  /**
   * A sandbox that was ready for this time is never handed out: it is replaced, a fresh one first. 0: never replaced.
   *
   * @default half of the sandboxes' `maxLifetimeMs`
   */
  readonly maxAgeMs?: number | undefined;
  /** What each sandbox is made with, as in `Sandbox.create`. Its `logger` hears of the pool, too. */
  readonly sandbox?: Omit<CreateSandboxOptions, "signal"> | undefined;
};

/** Options of `pool.acquire`. */
export type AcquireOptions = WaitOptions & {
  /** Added to the labels of the pool's sandboxes. `capability-unsupported` where a runtime cannot label a living box. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Files that are there when the sandbox is handed out, by path. */
  readonly files?: Readonly<Record<string, FileData>> | undefined;
};

/** How a pool is doing. */
export type SandboxPoolStatus = {
  /** Can be handed out now. */
  readonly ready: number;
  /** Are being made. */
  readonly creating: number;
  /** Calls of `acquire` that wait for one. */
  readonly waiting: number;
  /** Why the last sandbox could not be made, or ended unused. Absent once the pool is full again. */
  readonly lastError?: Error;
};

const labelsSchema = z.record(z.string(), z.string()).optional();
const filesSchema = z.record(z.string().min(1), z.unknown()).optional();
const poolSchema = z.strictObject({
  size: z.number().int().positive(),
  warm: z.array(z.string().min(1)).optional(),
  parallelism: z.number().int().positive().optional(),
  maxAgeMs: timeoutSchema,
  sandbox: z.looseObject({}).optional(),
  signal: signalSchema,
});
const acquireSchema = z.strictObject({ labels: labelsSchema, files: filesSchema, signal: signalSchema });

/** Refuses wrong options before anything starts. */
export function checkPool(options: SandboxPoolOptions): void {
  const call = "SandboxPool.create";
  checkArgument(poolSchema, options, call);
  const { sandbox = {} } = options;
  if ("name" in sandbox) {
    throw invalidArgument(
      `${call}: the sandboxes of a pool have no name; remove sandbox.name and use getSandbox(name, { pool })`,
      { option: "sandbox.name" },
    );
  }
  if ("signal" in sandbox && sandbox.signal !== undefined) {
    throw invalidArgument(`${call}: sandbox.signal would end each refill; give signal to SandboxPool.create`, {
      option: "sandbox.signal",
    });
  }
  checkCreate(sandbox, call);
  for (const [path, data] of Object.entries(sandbox.files ?? {})) {
    if (!isStream(data)) continue;
    throw invalidArgument(
      `${call}: sandbox.files has a stream for ${JSON.stringify(path)}, which can be read only once; use bytes`,
      { option: "sandbox.files" },
    );
  }
}

/** Refuses wrong options before anything is taken. */
export function checkAcquire(options: AcquireOptions, call: string): void {
  checkArgument(acquireSchema, options, call);
}

function isStream(data: FileData): boolean {
  return typeof data === "object" && ("getReader" in data || "pipe" in data);
}
