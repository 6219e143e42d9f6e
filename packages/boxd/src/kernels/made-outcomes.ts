import type { ExecuteOutcome, ExecutionUsage } from "@kernelbox/protocol";
import { type Execution, truncation } from "./execution.ts";

/** How a context lost its kernel. */
export type KernelLoss = {
  readonly reason: string;
  readonly exitCode: number | null;
  /** `restarted`: somebody asked for it; then the running cell was interrupted and did not die. */
  readonly cause: "died" | "restarted";
};

/** Why a request never ran. */
export type Rejection = NonNullable<ExecuteOutcome["rejected"]>;

const errorNames: Readonly<Record<ExecuteOutcome["status"], string>> = {
  ok: "KernelDied",
  error: "KernelDied",
  "kernel-died": "KernelDied",
  interrupted: "ExecutionInterrupted",
  "timed-out": "ExecutionTimedOut",
};

const rejectedStatus = {
  cancelled: "interrupted",
  "queue-timeout": "timed-out",
  "context-lost": "kernel-died",
  "not-undoable": "interrupted",
} as const;

/** The outcome of an execution whose kernel went before it had replied. */
export function outcomeFromLoss(
  execution: Execution,
  loss: KernelLoss,
  usage: ExecutionUsage | undefined,
): ExecuteOutcome {
  const { stop } = execution;
  const restarted = loss.cause === "restarted";
  const stopped = stop && `${stop.reason}; it did not react to two interrupts, so its kernel was replaced`;
  return {
    executionId: execution.id,
    status: stop?.status ?? (restarted ? "interrupted" : "kernel-died"),
    ...(usage && { usage }),
    ...truncation(execution),
    contextState: "lost",
    exitCode: loss.exitCode,
    reason: restarted ? loss.reason : (stopped ?? loss.reason),
  };
}

/** The outcome of an execution that never ran. */
export function outcomeFromRejection(execution: Execution, rejected: Rejection, reason: string): ExecuteOutcome {
  return {
    executionId: execution.id,
    status: rejectedStatus[rejected],
    rejected,
    contextState: rejected === "context-lost" ? "lost" : "kept",
    reason,
  };
}

/** The content of a reply for such an outcome. */
export function contentFromOutcome(outcome: ExecuteOutcome): Readonly<Record<string, unknown>> {
  return errorContent(errorNames[outcome.status], outcome.reason ?? "");
}

/** The content of a reply that says why there is no better one. */
export function errorContent(name: string, message: string): Readonly<Record<string, unknown>> {
  return { status: "error", ename: name, evalue: message, traceback: [] };
}
