import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { FailureError } from "../failure-error.ts";

/** The largest JSON body that a route takes unless it says otherwise. */
export const defaultBodyLimitBytes: number = 16 * 1024 * 1024;

/** Reads a request's body as JSON and checks it. An empty body is `{}`. */
export async function readJsonBody<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
  options: { readonly limitBytes?: number } = {},
): Promise<z.output<Schema>> {
  const text = await readText(request, options.limitBytes ?? defaultBodyLimitBytes);
  let value: unknown = {};
  if (text.trim() !== "") {
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new FailureError("invalid-argument", `the request's body is not JSON: ${String(error)}`, { cause: error });
    }
  }
  return parseArgument(schema, value, "the request's body");
}

/** Checks a value that a client sent; the failure names the first field that does not fit. */
export function parseArgument<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.map(String).join(".") ?? "";
  throw new FailureError(
    "invalid-argument",
    `${field === "" ? what : `field "${field}" of ${what}`} is not valid: ${issue?.message ?? "unknown reason"}`,
    { cause: parsed.error, ...(field === "" ? {} : { details: { field } }) },
  );
}

async function readText(request: IncomingMessage, limitBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // The request must outlive an early exit of this loop: destroying it would take the connection down before the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) {
      throw new FailureError("invalid-argument", `the request's body is larger than ${limitBytes} bytes`, {
        details: { limitBytes },
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
