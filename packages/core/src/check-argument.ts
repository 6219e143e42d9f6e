import { z } from "zod";
import { KernelboxError } from "./errors/kernelbox-error.ts";

/** Schemas of what many calls take. */
export const timeoutSchema: z.ZodType<number | undefined> = z.number().nonnegative().optional();
export const variablesSchema: z.ZodType<Record<string, string> | undefined> = z
  .record(z.string().regex(/^[^=\0]+$/, "a variable's name is not empty and has no ="), z.string())
  .optional();
export const signalSchema: z.ZodType<AbortSignal | undefined> = z.instanceof(AbortSignal).optional();
/** A function, or nothing. */
export const callbackSchema: z.ZodType<unknown> = z
  .custom((value) => value === undefined || typeof value === "function", "expected a function")
  .optional();

/**
 * Refuses an argument that a caller got wrong, in a message that names the call, the option and what is expected.
 *
 * @throws KernelboxError `invalid-argument`
 */
export function checkArgument(schema: z.ZodType, value: unknown, call: string): void {
  const parsed = schema.safeParse(value);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  if (issue === undefined) return;
  throw invalidArgument(`${call}: ${explain(issue)}`, { option: issue.path.join(".") });
}

/** Refuses what is not a string. */
export function checkString(value: unknown, name: string, call: string): void {
  if (typeof value !== "string") throw invalidArgument(`${call}: ${name} must be a string, not ${describe(value)}`);
}

/** An error for an argument that a caller got wrong. */
export function invalidArgument(message: string, details: Readonly<Record<string, unknown>> = {}): KernelboxError {
  return new KernelboxError("invalid-argument", message, { details });
}

function explain(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => JSON.stringify(key)).join(", ");
    return `${keys} is not an option${path === "" ? "" : ` of ${path}`}; remove it or look for a typing error`;
  }
  return path === "" ? issue.message : `${path}: ${issue.message}`;
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value;
}
