import type { ErrorCode } from "./error-code.ts";

const marker = Symbol.for("kernelbox.error");

/** Options of a {@link KernelboxError}. */
export type KernelboxErrorOptions = {
  readonly cause?: unknown;
  /** The numbers and names of the failure, as data. */
  readonly details?: Readonly<Record<string, unknown>>;
};

/** Everything that Kernelbox throws, but for an abort and for the error of a user's own callback. */
export class KernelboxError extends Error {
  override readonly name: string = "KernelboxError";
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: KernelboxErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, marker, { value: true });
  }

  /** Works also where two copies of the package are installed. */
  static isInstance(value: unknown): value is KernelboxError {
    return typeof value === "object" && value !== null && marker in value;
  }
}
