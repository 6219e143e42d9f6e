import { z } from "zod";

export const contextStatusSchema = z.enum(["starting", "idle", "busy", "dead"]);
export type ContextStatus = z.infer<typeof contextStatusSchema>;

export const createContextRequestSchema = z.object({
  /** Made by the client, so that a request sent twice makes one context. */
  id: z.string(),
  /** A language, an alias or a kernelspec's name. Absent: the first that the box has. */
  language: z.string().optional(),
  cwd: z.string().optional(),
  env: z.record(z.string(), z.string()).optional(),
  timeoutMs: z.number().optional(),
  /** Type errors stop a cell. Only for kernelspecs with the feature "type-check". */
  typeCheck: z.boolean().optional(),
});
export type CreateContextRequest = z.infer<typeof createContextRequestSchema>;

export const contextInfoSchema = z.object({
  /** Also the kernel's id in Jupyter's API. It stays over restarts. */
  id: z.string(),
  language: z.string(),
  kernelName: z.string(),
  cwd: z.string(),
  createdAt: z.string(),
  lastUsedAt: z.string(),
  status: contextStatusSchema,
  executionCount: z.number(),
  isDefault: z.boolean(),
  timeoutMs: z.number().optional(),
  /** Of a fork: what could not be carried over, a sentence each. */
  forkWarnings: z.array(z.string()).optional(),
});
export type ContextInfo = z.infer<typeof contextInfoSchema>;

export const interruptRequestSchema = z.object({
  /** Only this execution is stopped: a queued one never starts, one that has ended is left alone. Absent: whatever runs. */
  executionId: z.string().optional(),
});
export type InterruptRequest = z.infer<typeof interruptRequestSchema>;

/** `cancelled`: it was queued and never runs. `interrupting`: it runs and is being stopped. `ended`: nothing to do. */
export const interruptResponseSchema = z.object({ result: z.enum(["cancelled", "interrupting", "ended"]) });
export type InterruptResponse = z.infer<typeof interruptResponseSchema>;

/** The message id of the client's last request to the kernel: what is asked for comes after it, whichever arrives first. */
const after = z.string().optional();

export const forkContextRequestSchema = z.object({
  /** Of the new context. Made by the client, so that a request sent twice makes one. */
  id: z.string(),
  after,
});
/** `POST /kernelbox/contexts/:id/fork`: a second context with the same variables, made when the first is idle. */
export type ForkContextRequest = z.infer<typeof forkContextRequestSchema>;

export const createCheckpointRequestSchema = z.object({
  /** Made by the client, as above. */
  id: z.string(),
  label: z.string().optional(),
  after,
});
/** `POST /kernelbox/contexts/:id/checkpoints` */
export type CreateCheckpointRequest = z.infer<typeof createCheckpointRequestSchema>;

export const restoreRequestSchema = z.object({ after });
/** `POST /kernelbox/contexts/:id/checkpoints/:id/restore` */
export type RestoreRequest = z.infer<typeof restoreRequestSchema>;

export const checkpointInfoSchema = z.object({
  id: z.string(),
  label: z.string().optional(),
  contextId: z.string(),
  createdAt: z.string(),
  executionCount: z.number(),
  /** Memory that it shares with no other process; null where the machine cannot tell. */
  sizeBytes: z.number().nullable(),
  /** What a restored context will lack, a sentence each. */
  warnings: z.array(z.string()),
});
export type CheckpointInfo = z.infer<typeof checkpointInfoSchema>;
