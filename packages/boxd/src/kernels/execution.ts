import {
  type ExecuteOptions,
  type ExecuteOutcome,
  type ExecutionRecord,
  type ExecutionStatus,
  type ExecutionUsage,
  defaultOutputLimit,
  executeOptionsSchema,
} from "@kernelbox/protocol";
import { OutputLimiter } from "./output-limiter.ts";
import { type HeaderFields, type WireMessage, isObject, objectFromBytes } from "./wire.ts";

/** Why boxd stops a running cell. */
export type StopCause = { readonly status: "interrupted" | "timed-out"; readonly reason: string };

/** One run of code, from the moment that its request is taken. */
export type Execution = {
  readonly id: string;
  readonly messageId: string;
  readonly session: string;
  readonly code: string;
  readonly request: WireMessage;
  /** 0: none. */
  readonly timeoutMs: number;
  /** 0: none. */
  readonly queueTimeoutMs: number;
  readonly limiter: OutputLimiter;
  /** The journal's head when it was taken. */
  readonly after: number;
  /** A failure cancels what the same client queued behind it, as Jupyter's own clients expect. */
  readonly abortsOnError: boolean;
  /** What it did is undone unless it ends well. */
  readonly undoesOnError: boolean;
  state: "queued" | "running" | "ended";
  status?: ExecutionStatus;
  startedAt?: string;
  stop?: StopCause;
};

/** The values that hold where a request names none. */
export type ExecutionDefaults = { readonly timeoutMs: number; readonly after: number };

/** Reads an `execute_request`. `undefined`: its `metadata.kernelbox` does not fit the protocol. */
export function executionFromRequest(
  header: HeaderFields,
  message: WireMessage,
  defaults: ExecutionDefaults,
): Execution | undefined {
  const metadata = objectFromBytes(message.metadata);
  const content = objectFromBytes(message.content);
  const own = metadata["kernelbox"];
  let options: ExecuteOptions = { executionId: header.messageId, stdin: { type: "ask" } };
  if (own !== undefined) {
    const parsed = executeOptionsSchema.safeParse(own);
    if (!parsed.success) return undefined;
    options = parsed.data;
  }
  const stopOnError = content["stop_on_error"] !== false;
  // The queue is ours, so a kernel that "aborts its queue" after a failure could only hit the next cell by mistake.
  const request = stopOnError
    ? { ...message, content: Buffer.from(JSON.stringify({ ...content, stop_on_error: false })) }
    : message;
  return {
    id: options.executionId,
    messageId: header.messageId,
    session: header.session,
    code: typeof content["code"] === "string" ? content["code"] : "",
    request,
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
    queueTimeoutMs: options.queueTimeoutMs ?? 0,
    limiter: new OutputLimiter(options.maxOutputBytes ?? defaultOutputLimit),
    after: defaults.after,
    abortsOnError: stopOnError && own === undefined,
    undoesOnError: options.undoOnError === true,
    state: "queued",
  };
}

/** What is listed of an execution. */
export function recordFromExecution(execution: Execution): ExecutionRecord {
  return {
    executionId: execution.id,
    messageId: execution.messageId,
    code: execution.code,
    state: execution.state,
    ...(execution.status && { status: execution.status }),
    after: execution.after,
    ...(execution.startedAt && { startedAt: execution.startedAt }),
  };
}

/** The outcome of an execution that the kernel replied to. */
export function outcomeFromReply(
  execution: Execution,
  content: Readonly<Record<string, unknown>>,
  usage: ExecutionUsage | undefined,
): ExecuteOutcome {
  const { stop } = execution;
  const replied = content["status"] === "ok" ? "ok" : content["status"] === "aborted" ? "interrupted" : "error";
  // A cell that catches the interrupt and ends well has ended well; past its time limit it is late all the same.
  const isStopped = stop !== undefined && (replied !== "ok" || stop.status === "timed-out");
  const interrupted = isStopped ? stop : undefined;
  return {
    executionId: execution.id,
    status: interrupted?.status ?? replied,
    ...(usage && { usage }),
    ...truncation(execution),
    contextState: "kept",
    ...(interrupted && { reason: interrupted.reason }),
    ...(!interrupted && replied === "interrupted" && { reason: "the kernel aborted the cell before it ran" }),
  };
}

/** `truncated` of an outcome, where something was dropped. */
export function truncation(execution: Execution): Pick<ExecuteOutcome, "truncated"> {
  const { omittedBytes } = execution.limiter;
  return omittedBytes > 0 ? { truncated: { omittedBytes } } : {};
}

/** Adds an outcome to a reply; only its metadata is written anew. */
export function replyWithOutcome(reply: WireMessage, outcome: ExecuteOutcome): WireMessage {
  const metadata = objectFromBytes(reply.metadata);
  const own = isObject(metadata["kernelbox"]) ? metadata["kernelbox"] : {};
  return { ...reply, metadata: Buffer.from(JSON.stringify({ ...metadata, kernelbox: { ...own, ...outcome } })) };
}
