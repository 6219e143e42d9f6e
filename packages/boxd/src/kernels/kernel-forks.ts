import { FailureError } from "../failure-error.ts";
import type { Kernel } from "./kernel.ts";
import type { Kernelspec } from "./kernelspecs.ts";
import { makeMessage } from "./make-message.ts";
import { type WireMessage, objectFromBytes } from "./wire.ts";

/** Asks a kernel that is idle, and stays so until it has answered. Resolves with the content of the reply. */
export type AskKernel = (message: WireMessage) => Promise<Buffer>;

/** A kernel with everything that another one had, and what could not be carried over, a sentence each. */
export type ForkedKernel = { readonly kernel: Kernel; readonly losses: readonly string[] };

/** The state of a kernel at one moment. It does nothing until a kernel is forked from it, any number of times. */
export interface FrozenKernel {
  readonly losses: readonly string[];
  /** Resolves when it is gone, for whatever reason. */
  readonly closed: Promise<void>;
  /** Memory that it shares with nobody, in bytes; `undefined` where the system does not tell. */
  privateMemory(): number | undefined;
  thaw(signal: AbortSignal): Promise<Kernel>;
  drop(): void;
}

/** Copies live kernels, of kernelspecs with the feature "fork". */
export interface KernelForks {
  /** A second kernel with the same state. */
  fork(spec: Kernelspec, ask: AskKernel, signal: AbortSignal): Promise<ForkedKernel>;
  /** The kernel's state as it is now, for later. */
  freeze(spec: Kernelspec, ask: AskKernel): Promise<FrozenKernel>;
}

/**
 * Chooses between the two ways: a kernel in one process copies itself, sockets and all; one whose cells run in a process
 * of their own copies that, and another kernel adopts the copy (the feature "adopt").
 */
export function kernelForks(ways: { readonly ofItself: KernelForks; readonly ofRunner: KernelForks }): KernelForks {
  const wayOf = (spec: Kernelspec): KernelForks => (spec.features.includes("adopt") ? ways.ofRunner : ways.ofItself);
  return {
    fork: (spec, ask, signal) => wayOf(spec).fork(spec, ask, signal),
    freeze: (spec, ask) => wayOf(spec).freeze(spec, ask),
  };
}

/** What a kernel says of the copy that it has made. */
export type MadeCopy = { readonly pid: number; readonly losses: readonly string[] };

/** Asks a kernel to copy itself. What the content may be is the kernel's to know. */
export async function requestFork(ask: AskKernel, content: Readonly<Record<string, string>>): Promise<MadeCopy> {
  const reply = objectFromBytes(await ask(makeMessage({ type: "kernelbox_fork_request", content })));
  const { pid, losses } = reply;
  if (reply["status"] === "ok" && typeof pid === "number" && Array.isArray(losses)) {
    return { pid, losses: losses.map(String) };
  }
  throw copyFailed(reply);
}

/** The error for a reply that says why there is no copy. */
export function copyFailed(reply: Readonly<Record<string, unknown>>): FailureError {
  const reason = typeof reply["evalue"] === "string" ? reply["evalue"] : "it gave no reason";
  const code = reply["ename"] === "CapabilityUnsupported" ? "capability-unsupported" : "internal";
  return new FailureError(code, `the kernel could not be copied: ${reason}`);
}
