import { type ExecuteOutcome, type ExecutionStatus, executeOutcomeSchema } from "@kernelbox/protocol";
import { z } from "zod";
import { type KernelMessage, type MessageState, parsedContent, takePendingError } from "./event-from-message.ts";
import { type ExecutionError, executionErrorFromKernel, executionErrorFromStatus } from "./execution-error.ts";
import type { ExecutionEvent, Outcome } from "./execution-event.ts";

const replySchema = z.looseObject({
  status: z.string().nullish(),
  execution_count: z.number().nullish(),
  ename: z.string().nullish(),
  evalue: z.string().nullish(),
  traceback: z.array(z.string()).nullish(),
});
const metadataSchema = z.looseObject({ kernelbox: executeOutcomeSchema.nullish() }).nullish();

/**
 * What boxd says of an execution in its reply; `undefined` where the reply comes from something else than boxd. Look at
 * `rejected` first: such an execution never ran and has no events.
 *
 * @throws KernelboxError `protocol-error`: it is there and has a wrong shape.
 */
export function outcomeFromReply(reply: KernelMessage): ExecuteOutcome | undefined {
  const message = { header: reply.header, content: reply.metadata };
  return parsedContent(metadataSchema, message)?.kernelbox ?? undefined;
}

/**
 * The last events of an execution: `error` where it did not end well and nothing said so yet, then `end`. To be called
 * when the kernel is idle again, since outputs may come after the reply.
 *
 * @throws KernelboxError `protocol-error`: the reply has a wrong shape.
 */
export function eventsFromReply(reply: KernelMessage, state: MessageState): readonly ExecutionEvent[] {
  const content = parsedContent(replySchema, reply);
  const said = outcomeFromReply(reply);
  const status = said?.status ?? statusFromReply(content.status);
  state.isEnded = true;
  const errors = errorEvents(status, { content, reason: said?.reason }, state);
  const outcome: Outcome = {
    status,
    executionCount: content.execution_count ?? state.executionCount,
    usage: said?.usage ?? { wallMs: 0, cpuMs: null, peakMemoryBytes: null },
    ...(said?.truncated === undefined ? {} : { truncated: said.truncated }),
    contextState: said?.contextState ?? "kept",
    ...(said?.isUndone === undefined ? {} : { isUndone: said.isUndone }),
    ...(typeof said?.exitCode === "number" ? { exitCode: said.exitCode } : {}),
  };
  return [...errors, { type: "end", outcome }];
}

function errorEvents(
  status: ExecutionStatus,
  reply: { readonly content: z.infer<typeof replySchema>; readonly reason: string | undefined },
  state: MessageState,
): readonly ExecutionEvent[] {
  // A kernel may show a traceback and still say ok: a script that it ran for the code failed.
  if (status === "ok") return takePendingError(state);
  const { reason } = reply;
  if (status === "error") {
    if (state.pendingError !== undefined || state.lastError !== undefined) return takePendingError(state);
    return [{ type: "error", error: errorFromReply(reply.content) ?? executionErrorFromStatus(status, { reason }) }];
  }
  const kernelError = state.pendingError ?? state.lastError ?? errorFromReply(reply.content);
  state.pendingError = undefined;
  return [{ type: "error", error: executionErrorFromStatus(status, { reason, kernelError }) }];
}

/** Some kernels send their error in the reply only. */
function errorFromReply(content: z.infer<typeof replySchema>): ExecutionError | undefined {
  if (typeof content.ename !== "string") return undefined;
  const { ename, evalue, traceback } = content;
  return executionErrorFromKernel({ ename, evalue: evalue ?? "", traceback: traceback ?? [] });
}

function statusFromReply(status: string | null | undefined): ExecutionStatus {
  if (status === "error") return "error";
  return status === "aborted" || status === "abort" ? "interrupted" : "ok";
}
