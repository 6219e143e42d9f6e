import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { BoxExit, BoxExitReason } from "../runtime/box.ts";

const explanations: Readonly<Record<BoxExitReason, string>> = {
  stopped: "it was stopped",
  idle: "nothing used it for its idle time; raise idleTimeoutMs",
  lifetime: "it reached its lifetime; raise maxLifetimeMs",
  "out-of-memory": "it ran out of memory; raise memoryMiB",
  crashed: "it crashed",
  "engine-gone": "the engine that ran it is gone",
};

/** The error of every call on a box that has ended. */
export function boxExitError(boxId: string, exit: BoxExit): KernelboxError {
  const lastWords = exit.lastWords === undefined || exit.lastWords === "" ? "" : ` Its last words: ${exit.lastWords}`;
  return new KernelboxError(
    "box-exited",
    `the box ${boxId} has ended (${exit.reason}): ${explanations[exit.reason]}.${lastWords}`,
    { details: { boxId, ...exit } },
  );
}
