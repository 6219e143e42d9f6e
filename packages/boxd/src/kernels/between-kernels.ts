import { setImmediate as nextTurn } from "node:timers/promises";
import type { Kernel } from "./kernel.ts";

/** What {@link BetweenKernels} looks at. */
export type KernelPlace = {
  readonly kernel: () => Kernel | undefined;
  /** Defined while another kernel is put in the place. */
  readonly replacing: () => Promise<void> | undefined;
  readonly logError: (error: unknown) => void;
};

/**
 * A kernel that was killed while it was idle is dead before its exit is reported: what comes in between was not queued
 * behind the old kernel, so it waits for the new one.
 */
export class BetweenKernels {
  private readonly place: KernelPlace;
  private held: (() => void)[] | undefined;

  constructor(place: KernelPlace) {
    this.place = place;
  }

  /** Submits now, or once there is a living kernel. */
  pass(submit: () => void, isBusy: boolean): void {
    if (this.held) this.held.push(submit);
    else if (isBusy || !this.isNow()) submit();
    else {
      this.held = [submit];
      this.release(this.place.kernel()).catch(this.place.logError);
    }
  }

  private isNow(): boolean {
    const kernel = this.place.kernel();
    if (!kernel) return this.place.replacing() !== undefined;
    return kernel.process.hasExited || kernel.process.vitals?.hasEnded() === true;
  }

  private async release(kernel: Kernel | undefined): Promise<void> {
    await kernel?.process.exited;
    // The exit's own listener comes first and starts the replacement in its next turn.
    await nextTurn();
    await this.place.replacing()?.catch(() => undefined);
    const held = this.held ?? [];
    this.held = undefined;
    for (const submit of held) submit();
  }
}
