import { type FailureCode, failureSchema } from "@kernelbox/protocol";
import type { ErrorCode } from "../errors/error-code.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";

/** Codes that mean something else, or nothing, to users. */
const renamed: Readonly<Partial<Record<FailureCode, ErrorCode>>> = {
  "kernel-start-failed": "box-start-failed",
  internal: "protocol-error",
};

/** The error of an answer of boxd whose status is not 2xx. */
export function errorFromFailure(status: number, body: string, request: string): KernelboxError {
  const parsed = failureSchema.safeParse(jsonOrUndefined(body));
  if (!parsed.success) {
    return new KernelboxError(
      "protocol-error",
      `boxd answered ${request} with status ${status}: ${body.slice(0, 500)}`,
      {
        details: { status },
      },
    );
  }
  const { code, message, details = {} } = parsed.data;
  return new KernelboxError(
    renamed[code] ?? (code as Exclude<FailureCode, "kernel-start-failed" | "internal">),
    message,
    {
      details: { ...details, status },
    },
  );
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, so it is not one of boxd's failures; the caller shows the text.
    return undefined;
  }
}
