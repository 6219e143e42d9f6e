import { type ChildProcess, spawn } from "node:child_process";
import { constants, openSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { AdoptedEnds, ProcessEnd } from "../lifecycle/adopted-ends.ts";
import { KernelVitals } from "./kernel-vitals.ts";
import { countMemoryKills } from "./memory-kills.ts";
import { signalGroup } from "./signal-group.ts";

/** How a kernel's process ended. */
export type KernelExit = {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The text that a user reads: "ended with exit code 3", "was killed for memory (SIGKILL)". */
  readonly reason: string;
};

/** What a kernel is started with. */
export type KernelProcessOptions = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** The process of one kernel: leader of a session and process group of its own. */
export interface KernelProcess {
  /** `undefined` when it could not be started; then `exited` says why. */
  readonly pid: number | undefined;
  /** Never rejects. */
  readonly exited: Promise<KernelExit>;
  readonly hasExited: boolean;
  /** `undefined` when it could not be started. */
  readonly vitals: KernelVitals | undefined;
  /** The last lines that it wrote to its own stdout and stderr, which no cell's output reaches. */
  lastWords(): string;
  /** Sends a signal to the whole group, and to what is included. Safe after death. */
  signal(name: NodeJS.Signals): void;
  /**
   * The group of another process is a part of the kernel from now on: it ends with it, and counts for its usage. Where the
   * kernel ends because that one has, its end is what is told.
   */
  include(pid: number, ended: Promise<ProcessEnd>): void;
  /** Remembers how many memory kills there were, so that only later ones explain this kernel's end. */
  noteMemoryKills(): void;
}

const lastWordsBytes = 4096;
const lastWordsGraceMs = 1_000;
/** Higher than anything else in the box: when memory runs out, the kernel goes and boxd stays. */
const oomScoreAdjustment = "900";

/** Starts a kernel's process. */
export function startKernelProcess(options: KernelProcessOptions): KernelProcess {
  const [command = "", ...args] = options.argv;
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (child.pid !== undefined) raiseOomScore(child.pid, options.log);
  return watchProcess({
    pid: child.pid,
    outputs: [child.stdout, child.stderr],
    ended: waitForChild(child),
    log: options.log,
  });
}

/** A process that was forked from another one of the box, and leads a session of its own. */
export type ForkedProcess = {
  readonly pid: number;
  /** The FIFO that it writes its own stdout and stderr to. Removed once it is open. */
  readonly output: string;
  readonly ends: AdoptedEnds;
  readonly log: KernelProcessOptions["log"];
};

/** Takes a forked process for a kernel's. */
export function adoptKernelProcess({ pid, output, ends, log }: ForkedProcess): KernelProcess {
  const outputs: Readable[] = [];
  try {
    const descriptor = openSync(output, constants.O_RDONLY | constants.O_NONBLOCK);
    outputs.push(new Socket({ fd: descriptor, readable: true, writable: false }));
    rmSync(output, { force: true });
  } catch (error) {
    log("the last words of a kernel cannot be read", { pid, error: String(error) });
  }
  return watchProcess({ pid, outputs, ended: ends.ended(pid), log });
}

type RawEnd = ProcessEnd & { readonly failure?: string };
type WatchedProcess = {
  readonly pid: number | undefined;
  readonly outputs: readonly Readable[];
  readonly ended: Promise<RawEnd>;
  readonly log: KernelProcessOptions["log"];
};

function watchProcess({ pid, outputs, ended, log }: WatchedProcess): KernelProcess {
  let memoryKills = countMemoryKills();
  let hasExited = false;
  let tail = Buffer.alloc(0);
  for (const stream of outputs) {
    stream.on("data", (chunk: Buffer) => {
      tail = Buffer.concat([tail, chunk.subarray(-lastWordsBytes)]).subarray(-lastWordsBytes);
    });
    stream.on("error", (error) => log("a kernel's output cannot be read", { error: String(error) }));
  }
  const vitals = pid === undefined ? undefined : new KernelVitals(pid);
  const groups = pid === undefined ? [] : [pid];
  let included: ProcessEnd | undefined;
  const signal = (name: NodeJS.Signals): void => groups.forEach((group) => signalGroup(group, name));
  const exited = ended.then((own): KernelExit => {
    const { exitCode, signal: by, failure }: RawEnd = own.exitCode === 0 && included ? included : own;
    hasExited = true;
    vitals?.close();
    // What the cells started goes with the kernel that they ran in.
    signal("SIGKILL");
    // Its last words are here by now; who still holds the other end is not its business.
    setTimeout(() => outputs.forEach((stream) => stream.destroy()), lastWordsGraceMs).unref();
    const wasMemoryKill = by === "SIGKILL" && countMemoryKills() > memoryKills;
    return { exitCode, signal: by, reason: failure ?? describeExit(exitCode, by, wasMemoryKill) };
  });
  return {
    pid,
    vitals,
    exited,
    get hasExited() {
      return hasExited;
    },
    lastWords: () => tail.toString("utf8").trim(),
    signal,
    include: (other, otherEnded) => {
      groups.push(other);
      void otherEnded.then((end) => (included = end));
      vitals?.include(other);
      if (hasExited) signalGroup(other, "SIGKILL");
    },
    noteMemoryKills: () => {
      memoryKills = countMemoryKills();
    },
  };
}

function waitForChild(child: ChildProcess): Promise<RawEnd> {
  return new Promise((resolve) => {
    child.once("error", (error) => {
      // Also emitted when a signal cannot be sent; only without a pid does it mean that nothing was started.
      if (child.pid === undefined) {
        resolve({ exitCode: null, signal: null, failure: `could not be started: ${error.message}` });
      }
    });
    child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

function describeExit(exitCode: number | null, signal: string | null, outOfMemory: boolean): string {
  if (exitCode === null && signal === null) return "ended; how, nobody could tell";
  if (outOfMemory) return "was killed for memory (SIGKILL)";
  return signal === null ? `ended with exit code ${exitCode}` : `was killed by ${signal}`;
}

function raiseOomScore(pid: number, log: KernelProcessOptions["log"]): void {
  if (process.platform !== "linux") return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, oomScoreAdjustment);
  } catch (error) {
    log("the kernel's oom_score_adj cannot be raised; short of memory, boxd may be killed first", {
      pid,
      error: String(error),
    });
  }
}
