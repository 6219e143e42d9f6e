import { z } from "zod";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { type ExecutionError, executionErrorFromKernel } from "./execution-error.ts";
import type { ExecutionEvent } from "./execution-event.ts";
import { resultFromBundle } from "./result.ts";

/** The parts of a Jupyter message that say what happened. */
export type KernelMessage = {
  readonly header: { readonly msg_type: string; readonly date?: string | undefined };
  readonly content: unknown;
  readonly metadata?: unknown;
};

/** What one message has to know of those before it. One for each execution. */
export type MessageState = {
  /** An error that is held back until something follows it, since the reply may have a better word for it. */
  pendingError: ExecutionError | undefined;
  /** The last error that became an event. */
  lastError: ExecutionError | undefined;
  executionCount: number | null;
  /** Whether the reply was turned into events; what comes now is late. */
  isEnded: boolean;
};

/** The state before the first message of an execution. */
export function newMessageState(): MessageState {
  return { pendingError: undefined, lastError: undefined, executionCount: null, isEnded: false };
}

const streamSchema = z.looseObject({ name: z.enum(["stdout", "stderr"]), text: z.string() });
const bundleShape = { data: z.record(z.string(), z.unknown()), metadata: z.record(z.string(), z.unknown()).nullish() };
const displaySchema = z.looseObject({
  ...bundleShape,
  transient: z.looseObject({ display_id: z.string().nullish() }).nullish(),
});
const resultSchema = z.looseObject({ ...displaySchema.shape, execution_count: z.number().nullish() });
const updateSchema = z.looseObject({ ...bundleShape, transient: z.looseObject({ display_id: z.string() }) });
const clearSchema = z.looseObject({ wait: z.boolean().nullish() });
const inputSchema = z.looseObject({ execution_count: z.number().nullish() });
const inputRequestSchema = z.looseObject({ prompt: z.string().nullish(), password: z.boolean().nullish() });
const errorSchema = z.looseObject({
  ename: z.string(),
  evalue: z.string().nullish(),
  traceback: z.array(z.string()).nullish(),
});
const errorMetadataSchema = z.looseObject({ kernelbox: z.looseObject({ lineNumber: z.number().nullish() }).nullish() });

/**
 * Turns a message of a kernel into the events that it means: most often one, and none for what a user does not see.
 *
 * @param state - From {@link newMessageState}; changed by the call.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html
 * @throws KernelboxError `protocol-error`: a known message has a shape that it must not have.
 */
export function eventsFromMessage(message: KernelMessage, state: MessageState): readonly ExecutionEvent[] {
  if (message.header.msg_type === "error") {
    const before = takePendingError(state);
    state.pendingError = errorFromContent(message);
    return state.isEnded ? [...before, ...takePendingError(state)] : before;
  }
  const event = eventFromMessage(message, state);
  if (event === undefined) return [];
  return state.pendingError === undefined ? [event] : [...takePendingError(state), event];
}

/** The content of a message by its schema, or an error that names the message. */
export function parsedContent<T>(schema: z.ZodType<T>, message: KernelMessage): T {
  const parsed = schema.safeParse(message.content);
  if (parsed.success) return parsed.data;
  const type = message.header.msg_type;
  throw new KernelboxError(
    "protocol-error",
    `the kernel sent a "${type}" message of a wrong shape: ${z.prettifyError(parsed.error)}; report it to the kernel's authors`,
    { cause: parsed.error, details: { messageType: type } },
  );
}

function eventFromMessage(message: KernelMessage, state: MessageState): ExecutionEvent | undefined {
  switch (message.header.msg_type) {
    case "stream": {
      const { name, text } = parsedContent(streamSchema, message);
      return { type: name, text, timestamp: message.header.date ?? new Date().toISOString() };
    }
    case "display_data": {
      const { data, metadata, transient } = parsedContent(displaySchema, message);
      return {
        type: "result",
        result: resultFromBundle({ data, metadata, displayId: transient?.display_id ?? undefined }),
      };
    }
    case "execute_result": {
      const { data, metadata, transient, execution_count } = parsedContent(resultSchema, message);
      state.executionCount = execution_count ?? state.executionCount;
      const displayId = transient?.display_id ?? undefined;
      return { type: "result", result: resultFromBundle({ data, metadata, displayId, isMainResult: true }) };
    }
    case "update_display_data": {
      const { data, metadata, transient } = parsedContent(updateSchema, message);
      const displayId = transient.display_id;
      return { type: "result-update", result: resultFromBundle({ data, metadata, displayId }), displayId };
    }
    case "clear_output":
      return { type: "clear-output", wait: parsedContent(clearSchema, message).wait ?? false };
    case "input_request": {
      const { prompt, password } = parsedContent(inputRequestSchema, message);
      return { type: "input-request", prompt: prompt ?? "", password: password ?? false };
    }
    case "execute_input":
      state.executionCount = parsedContent(inputSchema, message).execution_count ?? state.executionCount;
      return undefined;
    default:
      return undefined;
  }
}

function errorFromContent(message: KernelMessage): ExecutionError {
  const { ename, evalue, traceback } = parsedContent(errorSchema, message);
  // Our own kernels say the line here; of others the traceback may tell it.
  const lineNumber = errorMetadataSchema.safeParse(message.metadata).data?.kernelbox?.lineNumber ?? undefined;
  return executionErrorFromKernel({ ename, evalue: evalue ?? "", traceback: traceback ?? [], lineNumber });
}

/** The event of the error that was held back, if there is one. */
export function takePendingError(state: MessageState): readonly ExecutionEvent[] {
  if (state.pendingError === undefined) return [];
  const error = state.pendingError;
  state.pendingError = undefined;
  state.lastError = error;
  return [{ type: "error", error }];
}
