import { closeSync, openSync } from "node:fs";
import { Socket } from "node:net";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { hasEndedBy, readProcFile } from "../kernels/process-tree.ts";

/** How a process ended; both null where nobody can tell. */
export type ProcessEnd = { readonly exitCode: number | null; readonly signal: string | null };

/** Tells the ends of processes that are not boxd's own children. */
export interface AdoptedEnds {
  /** Resolves when the process has ended, also when that was before. Never rejects. */
  ended(pid: number): Promise<ProcessEnd>;
  close(): void;
}

/** In which the supervisor says what file descriptor it writes to; see `supervisor.c`. */
const descriptorVariable = "KERNELBOX_ENDS_FD";
/** A process may end before boxd is told that there is one. */
const rememberedEnds = 4096;
const pollMs = 50;
const checkMs = 5_000;
const unknownEnd: ProcessEnd = { exitCode: null, signal: null };

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** Listens to the supervisor; without one, looks at the processes now and then, and cannot tell how they ended. */
export function openAdoptedEnds(environment: NodeJS.ProcessEnv): AdoptedEnds {
  const inherited = environment[descriptorVariable];
  delete environment[descriptorVariable];
  if (inherited === undefined) return new PolledEnds();
  // Opened anew: what is inherited would be inherited by every kernel, too.
  const descriptor = openSync(`/proc/self/fd/${inherited}`, "r");
  closeSync(Number(inherited));
  return new SupervisorEnds(descriptor);
}

class SupervisorEnds implements AdoptedEnds {
  private readonly pipe: Socket;
  private readonly recent = new Map<number, ProcessEnd>();
  private readonly waiting = new Map<number, (end: ProcessEnd) => void>();
  private readonly check: NodeJS.Timeout;
  private missing: readonly number[] = [];

  constructor(descriptor: number) {
    this.pipe = new Socket({ fd: descriptor, readable: true, writable: false });
    this.pipe.unref();
    // Without a supervisor this process is asked to stop, so that nobody waits for good.
    this.pipe.on("error", () => this.pipe.destroy());
    createInterface({ input: this.pipe }).on("line", (line) => this.hear(line));
    this.check = setInterval(() => this.findUntold(), checkMs).unref();
  }

  ended(pid: number): Promise<ProcessEnd> {
    const known = this.recent.get(pid);
    // The number of a process that lives was another one's before.
    if (known && !isAlive(pid)) return Promise.resolve(known);
    return new Promise((resolve) => this.waiting.set(pid, resolve));
  }

  close(): void {
    clearInterval(this.check);
    this.pipe.destroy();
  }

  /** The supervisor drops what finds no room in the pipe: who was gone at the last look, too, is not told any more. */
  private findUntold(): void {
    const gone = [...this.waiting.keys()].filter((pid) => !isAlive(pid));
    for (const pid of gone.filter((candidate) => this.missing.includes(candidate))) this.settle(pid, unknownEnd);
    this.missing = gone;
  }

  private hear(line: string): void {
    const [how, pidText, numberText] = line.split(" ");
    const [pid, number] = [Number(pidText), Number(numberText)];
    const end: ProcessEnd =
      how === "killed"
        ? { exitCode: null, signal: signalNames.get(number) ?? `signal ${number}` }
        : { exitCode: number, signal: null };
    if (this.settle(pid, end)) return;
    this.recent.delete(pid);
    this.recent.set(pid, end);
    const [oldest] = this.recent.keys();
    if (this.recent.size > rememberedEnds && oldest !== undefined) this.recent.delete(oldest);
  }

  private settle(pid: number, end: ProcessEnd): boolean {
    const resolve = this.waiting.get(pid);
    this.waiting.delete(pid);
    resolve?.(end);
    return resolve !== undefined;
  }
}

class PolledEnds implements AdoptedEnds {
  private readonly closing = new AbortController();

  async ended(pid: number): Promise<ProcessEnd> {
    while (isAlive(pid) && !this.closing.signal.aborted) await delay(pollMs, undefined, { ref: false });
    return unknownEnd;
  }

  close(): void {
    this.closing.abort();
  }
}

function isAlive(pid: number): boolean {
  const stat = readProcFile(`/proc/${pid}/stat`);
  if (process.platform === "linux") return stat !== undefined && !hasEndedBy(stat);
  try {
    return process.kill(pid, 0);
  } catch {
    // There is no such process.
    return false;
  }
}
