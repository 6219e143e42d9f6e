import type { FailureCode } from "@kernelbox/protocol";

/** A request that fails for a reason which the client can act on. The router turns it into a `Failure` body. */
export class FailureError extends Error {
  override readonly name: string = "FailureError";
  readonly code: FailureCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: FailureCode,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown> } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details;
  }
}
