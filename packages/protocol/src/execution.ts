import { z } from "zod";

/** What ends an execution. */
export const executionStatusSchema = z.enum(["ok", "error", "interrupted", "timed-out", "kernel-died"]);
export type ExecutionStatus = z.infer<typeof executionStatusSchema>;

export const outputLimitSchema = z.object({ text: z.number(), rich: z.number() });
/** Bytes of text (stdout and stderr) and of rich data after which the output of one execution is counted and dropped. */
export type OutputLimit = z.infer<typeof outputLimitSchema>;
export const defaultOutputLimit: OutputLimit = { text: 8 * 1024 * 1024, rich: 32 * 1024 * 1024 };

/** `execute_request.metadata.kernelbox`. `stdin`: "ask" sends input requests, a string is all of stdin, "none" makes input() fail. */
export const executeOptionsSchema = z.object({
  executionId: z.string(),
  timeoutMs: z.number().optional(),
  queueTimeoutMs: z.number().optional(),
  env: z.record(z.string(), z.string()).optional(),
  args: z.array(z.string()).optional(),
  stdin: z.discriminatedUnion("type", [
    z.object({ type: z.literal("ask") }),
    z.object({ type: z.literal("none") }),
    z.object({ type: z.literal("text"), text: z.string() }),
  ]),
  maxOutputBytes: outputLimitSchema.optional(),
  /** Unless it ends well, the kernel goes on from the state that it had before. For kernels with the feature "fork". */
  undoOnError: z.boolean().optional(),
});
export type ExecuteOptions = z.infer<typeof executeOptionsSchema>;

export const usageSchema = z.object({
  wallMs: z.number(),
  cpuMs: z.number().nullable(),
  peakMemoryBytes: z.number().nullable(),
});
/** What one execution used, its child processes included. `null` where the machine cannot tell (macOS). */
export type ExecutionUsage = z.infer<typeof usageSchema>;

/**
 * `execute_reply.metadata.kernelbox`, on every reply that boxd passes on or makes itself.
 * `rejected`: the request never ran (its queue time ran out, it was cancelled while queued, its context was lost, or it
 * was to be undone on failure and could not have been).
 */
export const executeOutcomeSchema = z.object({
  executionId: z.string(),
  status: executionStatusSchema,
  rejected: z.enum(["queue-timeout", "cancelled", "context-lost", "not-undoable"]).optional(),
  usage: usageSchema.optional(),
  truncated: z.object({ omittedBytes: z.number() }).optional(),
  contextState: z.enum(["kept", "lost"]),
  /** Of an execution with `undoOnError` that did not end well: whether the state from before it is back. */
  isUndone: z.boolean().optional(),
  exitCode: z.number().nullish(),
  /** Set when the status is `timed-out`, `interrupted` or `kernel-died`: the text that a user reads. */
  reason: z.string().optional(),
});
export type ExecuteOutcome = z.infer<typeof executeOutcomeSchema>;

export const executionRecordSchema = z.object({
  executionId: z.string(),
  messageId: z.string(),
  code: z.string(),
  state: z.enum(["queued", "running", "ended"]),
  status: executionStatusSchema.optional(),
  /** The journal's head when the request was taken: a channel opened with `after` at this number sees all of it. */
  after: z.number(),
  startedAt: z.string().optional(),
});
/** One running or journalled execution of a context. */
export type ExecutionRecord = z.infer<typeof executionRecordSchema>;
