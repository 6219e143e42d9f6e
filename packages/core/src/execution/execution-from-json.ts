import { executionStatusSchema, usageSchema } from "@kernelbox/protocol";
import { z } from "zod";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { ExecutionError } from "./execution-error.ts";
import { Execution, type Output } from "./execution.ts";
import type { JsonValue } from "./mime-value.ts";
import { Result } from "./result.ts";

const resultSchema = z.object({
  text: z.string().optional(),
  formats: z.record(
    z.string(),
    z.custom<JsonValue>((value) => value !== undefined),
  ),
  isMainResult: z.boolean(),
  metadata: z.record(z.string(), z.unknown()),
  displayId: z.string().optional(),
});

const errorSchema = z.object({
  name: z.string(),
  message: z.string(),
  traceback: z.array(z.string()),
  lineNumber: z.number().optional(),
});

const outputSchema = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["stdout", "stderr"]), text: z.string() }),
  z.object({ type: z.literal("result"), result: resultSchema }),
  z.object({ type: z.literal("error"), error: errorSchema }),
]);

const executionSchema = z.object({
  id: z.string(),
  code: z.string(),
  language: z.string(),
  contextId: z.string(),
  status: executionStatusSchema,
  results: z.array(resultSchema),
  logs: z.object({ stdout: z.array(z.string()), stderr: z.array(z.string()) }),
  outputs: z.array(outputSchema),
  error: errorSchema.optional(),
  executionCount: z.number().nullable(),
  usage: usageSchema,
  truncated: z.object({ omittedBytes: z.number() }).optional(),
  contextState: z.enum(["kept", "lost"]),
  isUndone: z.boolean().optional(),
  files: z.object({ created: z.array(z.string()), changed: z.array(z.string()) }).optional(),
  exitCode: z.number().optional(),
});

/**
 * Makes an execution again of what its `toJSON()` gave, such as the parsed body of an HTTP answer.
 *
 * @throws KernelboxError `invalid-argument`: the value is something else.
 */
export function executionFromJson(json: unknown): Execution {
  const parsed = executionSchema.safeParse(json);
  if (!parsed.success) {
    throw new KernelboxError(
      "invalid-argument",
      `this is not the JSON of an execution: ${z.prettifyError(parsed.error)}`,
      {
        cause: parsed.error,
      },
    );
  }
  const { id, code, language, contextId, results, logs, outputs, error, ...outcome } = parsed.data;
  return new Execution({
    id,
    code,
    language,
    contextId,
    results: results.map(resultFromParsed),
    logs,
    outputs: outputs.map(outputFromParsed),
    error: error === undefined ? undefined : errorFromParsed(error),
    outcome: withoutUndefined(outcome),
  });
}

/**
 * Makes a result again of what its `toJSON()` gave.
 *
 * @throws KernelboxError `invalid-argument`: the value is something else.
 */
export function resultFromJson(json: unknown): Result {
  const parsed = resultSchema.safeParse(json);
  if (!parsed.success) {
    throw new KernelboxError("invalid-argument", `this is not the JSON of a result: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  }
  return resultFromParsed(parsed.data);
}

function resultFromParsed(parsed: z.infer<typeof resultSchema>): Result {
  return new Result(withoutUndefined(parsed));
}

function outputFromParsed(parsed: z.infer<typeof outputSchema>): Output {
  if (parsed.type === "result") return { type: "result", result: resultFromParsed(parsed.result) };
  return parsed.type === "error" ? { type: "error", error: errorFromParsed(parsed.error) } : parsed;
}

function errorFromParsed(parsed: z.infer<typeof errorSchema>): ExecutionError {
  return withoutUndefined(parsed);
}

type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** zod says `undefined` where it means absent. */
function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as WithoutUndefined<T>;
}
