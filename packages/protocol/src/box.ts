import { z } from "zod";

export const healthSchema = z.object({
  protocolVersion: z.number(),
  version: z.string(),
  boxId: z.string(),
  pid: z.number(),
  startedAt: z.string(),
  workdir: z.string(),
  languages: z.array(z.string()),
  /** The sandbox's options that another process needs: default time limit, idle time and so on. */
  settings: z.object({
    timeoutMs: z.number(),
    idleTimeoutMs: z.number(),
    maxLifetimeMs: z.number(),
  }),
});
/** `GET /kernelbox/health`: the first question of every client. */
export type Health = z.infer<typeof healthSchema>;

const amountSchema = z.object({
  used: z.number().nullable(),
  limit: z.number().nullable(),
  /** Why a number is null. */
  reason: z.string().optional(),
});
export const boxUsageSchema = z.object({
  /** CPU time used by the whole box, in ms; the limit is in cores. */
  cpu: amountSchema,
  memoryBytes: amountSchema,
  diskBytes: amountSchema,
  pids: amountSchema,
});
/** `GET /kernelbox/usage`. */
export type BoxUsage = z.infer<typeof boxUsageSchema>;

/**
 * boxd's configuration: the JSON of environment variable `KERNELBOX_BOXD`, read once at its start.
 */
export const boxdConfigSchema = z.object({
  boxId: z.string(),
  /** Path of the Unix socket to listen on; made with mode 0600. */
  socket: z.string(),
  /** Directory in which clients of the same machine put sockets for boxd to connect to; absent: none do. */
  doorDirectory: z.string().optional(),
  workdir: z.string(),
  /** Directories besides `workdir` that file calls may touch; absent: the whole file system of the box. */
  fileRoots: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).default({}),
  timeoutMs: z.number().default(60_000),
  idleTimeoutMs: z.number().default(600_000),
  maxLifetimeMs: z.number().default(86_400_000),
  /** Directories with kernelspecs (`NAME/kernel.json`), searched before Jupyter's usual ones. */
  kernelspecDirectories: z.array(z.string()).default([]),
  /** By language, what would have to be there for the box to have it. */
  missingLanguages: z.record(z.string(), z.string()).default({}),
  /** Where the journal may spill to; absent: memory only. */
  spillDirectory: z.string().optional(),
  /** How many kernels of each language in use wait for a context. Absent: one, none where memory is short. */
  spares: z.number().int().min(0).optional(),
  /**
   * What the processes import from which kernels are forked; absent: what each kernelspec says, or nothing where
   * memory is short. False: there are none, and each kernel starts by itself.
   */
  preload: z.union([z.array(z.string()), z.literal(false)]).optional(),
  /** What the checkpoints of all contexts may take together; beyond, the oldest goes. */
  checkpoints: z
    .object({
      count: z.number().int().min(1).default(32),
      memoryBytes: z
        .number()
        .min(1)
        .default(2 ** 30),
    })
    .prefault({}),
  /** Shown by usage where the operating system cannot tell. */
  limits: z
    .object({ cpus: z.number(), memoryBytes: z.number(), diskBytes: z.number(), pids: z.number() })
    .partial()
    .default({}),
});
export type BoxdConfig = z.infer<typeof boxdConfigSchema>;
export type BoxdConfigInput = z.input<typeof boxdConfigSchema>;

/** boxd's exit codes, by which a runtime tells why a box ended. 0: it was asked to stop. */
export const boxdExitCodes = { stopped: 0, idle: 80, lifetime: 81 } as const;

/** Every process of a box has this variable with the box's id in its environment, so that none is left behind. */
export const boxMarkVariable = "KERNELBOX_BOX_ID";
