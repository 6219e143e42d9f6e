import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { Handover } from "./handover.ts";
import type { Kernel } from "./kernel.ts";
import { type AskKernel, type ForkedKernel, type FrozenKernel, type KernelForks, requestFork } from "./kernel-forks.ts";
import type { Kernelspec } from "./kernelspecs.ts";
import { readPrivateMemory } from "./process-tree.ts";
import { signalGroup } from "./signal-group.ts";

/** Where a copy is: it waits already, or is to be made of one that waits in `source`. The copy's pipes are in `directory`. */
export type Adoption = { readonly directory: string } & ({ readonly pid: number } | { readonly source: string });

/** What {@link RunnerForks} needs. */
export type RunnerForksOptions = {
  readonly runtimeDirectory: () => string;
  /** A kernel that has adopted, with the process that it has adopted as a part of it. */
  readonly adopt: (spec: Kernelspec, adoption: Adoption, signal: AbortSignal) => Promise<Kernel>;
  readonly ends: AdoptedEnds;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/**
 * Kernels whose cells run in a process of their own, the runner: that is what is copied. The copy waits at pipes, until a
 * kernel adopts it. One that nobody adopts is a checkpoint: a process without a kernel, which copies itself again.
 */
export class RunnerForks implements KernelForks {
  private readonly options: RunnerForksOptions;

  constructor(options: RunnerForksOptions) {
    this.options = options;
  }

  async fork(spec: Kernelspec, ask: AskKernel, signal: AbortSignal): Promise<ForkedKernel> {
    const handover = await Handover.open(this.options.runtimeDirectory());
    const { directory } = handover;
    let pid: number | undefined;
    try {
      const copy = await requestFork(ask, { directory });
      ({ pid } = copy);
      const kernel = await this.adopt(spec, handover, { directory, pid }, signal);
      return { kernel, losses: copy.losses };
    } catch (error) {
      if (pid !== undefined) signalGroup(pid, "SIGKILL");
      await handover.remove();
      throw error;
    }
  }

  async freeze(spec: Kernelspec, ask: AskKernel): Promise<FrozenKernel> {
    const { runtimeDirectory, ends } = this.options;
    const handover = await Handover.open(runtimeDirectory());
    const { directory } = handover;
    let copy: Awaited<ReturnType<typeof requestFork>>;
    try {
      copy = await requestFork(ask, { directory });
    } catch (error) {
      await handover.remove();
      throw error;
    }
    const { pid, losses } = copy;
    let isThere = true;
    const closed = ends.ended(pid).then(() => {
      isThere = false;
      return this.remove(handover);
    });
    // Two at a time would take each other's answers.
    let last: Promise<unknown> = Promise.resolve();
    return {
      losses,
      closed,
      privateMemory: () => readPrivateMemory(pid),
      thaw: (signal) => {
        const thawed = last.then(() => this.thaw(spec, directory, signal));
        last = thawed.catch(() => undefined);
        return thawed;
      },
      drop: () => {
        if (isThere) signalGroup(pid, "SIGKILL");
      },
    };
  }

  private async thaw(spec: Kernelspec, source: string, signal: AbortSignal): Promise<Kernel> {
    const handover = await Handover.open(this.options.runtimeDirectory());
    try {
      return await this.adopt(spec, handover, { directory: handover.directory, source }, signal);
    } catch (error) {
      await handover.remove();
      throw error;
    }
  }

  private async adopt(spec: Kernelspec, handover: Handover, adoption: Adoption, signal: AbortSignal): Promise<Kernel> {
    const kernel = await this.options.adopt(spec, adoption, signal);
    handover.close();
    const remove = (): Promise<void> => this.remove(handover);
    kernel.process.exited.then(remove, remove);
    return kernel;
  }

  private async remove(handover: Handover): Promise<void> {
    await handover.remove().catch((error: unknown) => {
      this.options.log("the directory of a copy cannot be removed", { error: String(error) });
    });
  }
}
