import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { ForkServer, expectConnection } from "./fork-server.ts";
import { type Kernel, startKernel } from "./kernel.ts";
import {
  type AskKernel,
  type ForkedKernel,
  type FrozenKernel,
  type KernelForks,
  type MadeCopy,
  requestFork,
} from "./kernel-forks.ts";
import { adoptKernelProcess } from "./kernel-process.ts";
import type { Kernelspec } from "./kernelspecs.ts";
import { readPrivateMemory } from "./process-tree.ts";

/** What {@link ProcessForks} needs. */
export type ProcessForksOptions = {
  readonly runtimeDirectory: () => string;
  readonly startTimeoutMs: number;
  readonly ends: AdoptedEnds;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const connectPatienceMs = 10_000;

/** Kernels in one process, whose copies become kernels by themselves: they bind the sockets that they are told. */
export class ProcessForks implements KernelForks {
  private readonly options: ProcessForksOptions;

  constructor(options: ProcessForksOptions) {
    this.options = options;
  }

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

  async freeze(spec: Kernelspec, ask: AskKernel): Promise<FrozenKernel> {
    const { runtimeDirectory, ends, log } = this.options;
    const expected = await expectConnection(runtimeDirectory(), connectPatienceMs);
    let forked: MadeCopy;
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
