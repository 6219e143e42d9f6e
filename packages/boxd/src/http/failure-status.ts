import type { Failure, FailureCode } from "@kernelbox/protocol";
import { FailureError } from "../failure-error.ts";

const statusOfCode: Readonly<Record<FailureCode, number>> = {
  "invalid-argument": 400,
  "permission-denied": 403,
  "file-not-found": 404,
  "context-not-found": 404,
  "process-not-found": 404,
  "file-exists": 409,
  "protocol-mismatch": 409,
  "context-lost": 410,
  "language-unavailable": 422,
  "kernel-start-failed": 500,
  internal: 500,
  "capability-unsupported": 501,
  "no-space": 507,
};

/** The HTTP answer for whatever a handler threw. */
export function failureFromError(error: unknown): { readonly status: number; readonly failure: Failure } {
  if (error instanceof FailureError) {
    const { code, message, details } = error;
    return { status: statusOfCode[code], failure: { code, message, ...(details && { details }) } };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, failure: { code: "internal", message: `boxd failed: ${message}` } };
}
