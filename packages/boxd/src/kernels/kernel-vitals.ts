import { ProcFile } from "./proc-file.ts";
import { type ProcessTimes, hasEndedBy, listDescendants, peakMemoryFrom, timesFrom } from "./process-tree.ts";

/** What the system tells about a kernel's process, asked for with every cell. Everything is unknown off Linux. */
export class KernelVitals {
  readonly pid: number;
  private readonly included: number[] = [];
  private readonly stat: ProcFile;
  private readonly status: ProcFile;
  private readonly clearRefs: ProcFile;

  constructor(pid: number) {
    this.pid = pid;
    this.stat = new ProcFile(`/proc/${pid}/stat`);
    this.status = new ProcFile(`/proc/${pid}/status`);
    this.clearRefs = new ProcFile(`/proc/${pid}/clear_refs`, "w");
  }

  /** Whether it has ended or is about to, also where its parent was not told yet. False where nobody tells. */
  hasEnded(): boolean {
    if (process.platform !== "linux") return false;
    const stat = this.stat.read();
    return stat === undefined || hasEndedBy(stat);
  }

  /** Another process, with those below it, counts as a descendant. */
  include(pid: number): void {
    this.included.push(pid);
  }

  /** All below the kernel's process that live now. */
  descendants(): readonly number[] {
    const others = this.included.flatMap((pid) => [pid, ...listDescendants(pid)]);
    return [...listDescendants(this.pid), ...others];
  }

  times(): ProcessTimes | undefined {
    const stat = this.stat.read();
    return stat === undefined ? undefined : timesFrom(stat);
  }

  /** The largest resident size since the start or the last reset, in bytes. */
  peakMemory(): number | undefined {
    return peakMemoryFrom(this.status.read());
  }

  /** Makes {@link peakMemory} count from now on. False where the system does not let us. */
  resetPeakMemory(): boolean {
    return this.clearRefs.write("5");
  }

  /** Idempotent. */
  close(): void {
    for (const file of [this.stat, this.status, this.clearRefs]) file.close();
  }
}
