import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { FailureError } from "../failure-error.ts";
import { ForkServer, expectConnection } from "./fork-server.ts";
import { type Kernel, startKernel } from "./kernel.ts";
import { adoptKernelProcess } from "./kernel-process.ts";
import type { Kernelspec } from "./kernelspecs.ts";
import { makeMessage } from "./make-message.ts";
import { readPrivateMemory } from "./process-tree.ts";
import { type WireMessage, objectFromBytes } from "./wire.ts";

/** Asks a kernel that is idle, and stays so until it has answered. Resolves with the content of the reply. */
export type AskKernel = (message: WireMessage) => Promise<Buffer>;

/** What {@link KernelForks} needs. */
export type KernelForksOptions = {
  readonly runtimeDirectory: () => string;
  readonly startTimeoutMs: number;
  readonly ends: AdoptedEnds;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

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

const connectPatienceMs = 10_000;

/** Copies live kernels, of kernelspecs with the feature "fork". */
export class KernelForks {
  private readonly options: KernelForksOptions;

  constructor(options: KernelForksOptions) {
    this.options = options;
  }

  /** A second kernel with the same state. */
  async fork(spec: Kernelspec, ask: AskKernel, signal: AbortSignal): Promise<ForkedKernel> {
    const { ends, log } = this.options;
    let losses: readonly string[] = [];
    const kernel = await this.start(spec, signal, async (connectionFile) => {
      const output = `${connectionFile}.output`;
      const forked = await requestFork(ask, { connection_file: connectionFile, output });
      losses = forked.losses;
      return adoptKernelProcess({ pid: forked.pid, output, ends, log });
    });
    return { kernel, losses };
  }

  /** The kernel's state as it is now, for later. */
  async freeze(spec: Kernelspec, ask: AskKernel): Promise<FrozenKernel> {
    const { runtimeDirectory, ends, log } = this.options;
    const expected = await expectConnection(runtimeDirectory(), connectPatienceMs);
    let forked: Awaited<ReturnType<typeof requestFork>>;
    try {
      forked = await requestFork(ask, { socket: expected.path });
    } catch (error) {
      expected.cancel();
      await expected.connected.catch(() => undefined);
      throw error;
    }
    const server = new ForkServer(await expected.connected, { ends, log });
    return {
      losses: forked.losses,
      closed: server.closed,
      privateMemory: () => readPrivateMemory(forked.pid),
      thaw: (signal) =>
        this.start(spec, signal, (connectionFile) => server.fork({ connectionFile, isIndependent: false })),
      drop: () => server.close(),
    };
  }

  private start(
    spec: Kernelspec,
    signal: AbortSignal,
    launch: Parameters<typeof startKernel>[0]["launch"],
  ): Promise<Kernel> {
    const { runtimeDirectory, startTimeoutMs, log } = this.options;
    return startKernel({ spec, launch, runtimeDirectory: runtimeDirectory(), startTimeoutMs, signal, log });
  }
}

async function requestFork(
  ask: AskKernel,
  content: Readonly<Record<string, string>>,
): Promise<{ readonly pid: number; readonly losses: readonly string[] }> {
  const reply = objectFromBytes(await ask(makeMessage({ type: "kernelbox_fork_request", content })));
  const { pid, losses } = reply;
  if (reply["status"] === "ok" && typeof pid === "number" && Array.isArray(losses)) {
    return { pid, losses: losses.map(String) };
  }
  const reason = typeof reply["evalue"] === "string" ? reply["evalue"] : "it gave no reason";
  throw new FailureError("internal", `the kernel could not be copied: ${reason}`);
}
