import { z } from "zod";

/** The codes that boxd's answers carry; a subset of the SDK's. */
export const failureCodeSchema = z.enum([
  "invalid-argument",
  "capability-unsupported",
  "language-unavailable",
  "context-not-found",
  "context-lost",
  "protocol-mismatch",
  "file-not-found",
  "file-exists",
  "permission-denied",
  "no-space",
  "process-not-found",
  "kernel-start-failed",
  "internal",
]);
export type FailureCode = z.infer<typeof failureCodeSchema>;

/** The body of every answer of boxd under `/kernelbox/` whose status is not 2xx. */
export const failureSchema = z.object({
  code: failureCodeSchema,
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
export type Failure = z.infer<typeof failureSchema>;
