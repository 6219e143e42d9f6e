import { dirname, join } from "node:path";
import { readFileSync } from "node:fs";
import { adoptionFrom } from "../adoption-from.ts";
import type { Adoption, KernelInfo } from "../evaluator.ts";
import { stateForAdoption } from "../host-state.ts";
import { startKernelHost } from "../kernel-host.ts";
import { adoptRunner, startRunner } from "./runner-evaluator.ts";
import type { RunnerOptions } from "./runner-process.ts";

/** What makes a kernel of a runner. */
export type RunnerKernelOptions = {
  readonly runner: Omit<RunnerOptions, "processGroup">;
  /** Who the kernel is; it gets the version of the language as the runner knows it. */
  readonly info: (languageVersion: string) => KernelInfo;
};

/** JSON of an {@link Adoption}: the kernel goes on with a runner that was copied, instead of starting one. */
const adoptionVariable = "KERNELBOX_ADOPTION";
const parentCheckMs = 1000;

/**
 * The whole of a kernel's program: `node kernel.cjs CONNECTION_FILE`. Ends with the runner, in the same way, and when
 * a client wants the end.
 */
export async function runRunnerKernel(options: RunnerKernelOptions): Promise<void> {
  const [connectionFile] = process.argv.slice(2);
  if (connectionFile === undefined) throw new Error("the connection file is missing: kernel.cjs CONNECTION_FILE");
  // Interrupts are messages; the signal is for the code, and reaches this process only as part of its group.
  process.on("SIGINT", () => undefined);
  const adoption = takeAdoption();
  const evaluator = await (adoption === undefined
    ? startRunner({ ...options.runner, processGroup: isGroupLeader() ? "shared" : "own" })
    : adoptRunner(adoption));
  const info = options.info(evaluator.greeting.languageVersion);
  const state = adoption && { state: stateForAdoption(adoption) };
  const host = await startKernelHost({ connectionFile, evaluator, info, ...state });
  if (process.env["JPY_PARENT_PID"] !== undefined) endWithParent(() => evaluator.close());
  const end = await Promise.race([host.shutdown.then(() => undefined), evaluator.died]);
  evaluator.close();
  await host.close();
  if (end?.signal != null) process.kill(process.pid, end.signal);
  process.exit(end?.exitCode ?? 0);
}

/** The directory of a bundled program, in which its runner lies too. */
export function besideKernel(name: string): string {
  return join(dirname(process.argv[1] ?? ""), name);
}

function takeAdoption(): Adoption | undefined {
  const text = process.env[adoptionVariable];
  delete process.env[adoptionVariable];
  return text === undefined ? undefined : adoptionFrom(JSON.parse(text) as Readonly<Record<string, unknown>>);
}

/** A group of our own is shared with the runner, so that whoever kills the kernel's group leaves nothing behind. */
function isGroupLeader(): boolean {
  const stat = readFileSync("/proc/self/stat", "latin1");
  const [, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(group) === process.pid;
}

/** The client that started the kernel may be killed, and then nobody asks it to end. */
function endWithParent(close: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid === parent) return;
    close();
    process.exit(1);
  }, parentCheckMs).unref();
}
