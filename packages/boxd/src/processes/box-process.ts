import { setTimeout as delay } from "node:timers/promises";
import type { ProcessEvent, StartProcessRequest } from "@kernelbox/protocol";
import type { Activity } from "../activity.ts";
import { listMarkedProcesses } from "../lifecycle/marked-processes.ts";
import { EventLog, type EventLogBounds } from "./event-log.ts";
import { startProcessMeter } from "./process-meter.ts";
import type { SpawnedCommand } from "./spawn-command.ts";

const killGraceMs = 1_000;
/** How long a daemon that keeps the output open delays the end of the command that started it. */
const openOutputGraceMs = 500;
/**
 * Each layer on the way to a client that does not read keeps an event or two. So where many commands run, and each may
 * keep little, their events are short; where few do, long ones are faster.
 */
const eventsPerUnread = 8;
const shortestEventBytes = 4 * 1024;

/** What {@link BoxProcess} needs beside the started command. */
export type BoxProcessOptions = {
  readonly request: StartProcessRequest;
  readonly boxId: string;
  readonly activity: Activity;
  /** What its output may hold. */
  readonly bounds: () => EventLogBounds;
};

/** One command that runs or has run in the box. */
export class BoxProcess {
  readonly id: string;
  readonly pid: number;
  /** Resolves when the end event is in the log. */
  readonly ended: Promise<void>;
  readonly #log: EventLog;
  readonly #boxId: string;
  #state: "running" | "timing-out" | "exited" = "running";

  constructor(command: SpawnedCommand, options: BoxProcessOptions) {
    const { request } = options;
    this.id = request.id;
    this.pid = command.pid;
    this.#boxId = options.boxId;
    const { stdout, stderr } = command.child;
    this.#log = new EventLog(options.bounds, (paused) => {
      for (const stream of [stdout, stderr]) {
        if (paused) stream?.pause();
        else stream?.resume();
      }
    });
    this.#log.append({ start: command.pid });
    const release = options.activity.hold();
    this.ended = this.#follow(command, options).finally(release);
  }

  get hasExited(): boolean {
    return this.#state === "exited";
  }

  /** Memory that its output holds. */
  get heldBytes(): number {
    return this.#log.heldBytes;
  }

  /** Lets go of old output that is past what it may hold by now. */
  trim(): void {
    this.#log.trim();
  }

  read(after: number, signal: AbortSignal): AsyncGenerator<ProcessEvent, void> {
    return this.#log.read(after, signal);
  }

  /** Sends a signal to the whole group. Nothing left to get it: does nothing. */
  signal(signal: NodeJS.Signals): void {
    if (this.#state !== "exited") {
      trySignal(-this.pid, signal);
      return;
    }
    // Once the command is gone its group's number may be another's: only members known to be ours get the signal.
    for (const { pid, groupId } of listMarkedProcesses(this.#boxId)) {
      if (groupId === this.pid) trySignal(pid, signal);
    }
  }

  async #follow({ child, pid }: SpawnedCommand, options: BoxProcessOptions): Promise<void> {
    const { request } = options;
    const meter = startProcessMeter(pid);
    for (const stream of ["stdout", "stderr"] as const) {
      // Read on also after the end, so that a daemon which inherited the pipe is not stopped by it.
      child[stream]?.on("data", (data: Buffer) => {
        const timestamp = new Date().toISOString();
        const most = Math.max(shortestEventBytes, Math.floor(options.bounds().unreadBytes / eventsPerUnread));
        for (let start = 0; start < data.length; start += most) {
          this.#log.append({ stream, data: data.subarray(start, start + most), timestamp });
        }
      });
      child[stream]?.on("error", () => {
        // The pipe broke; the process's exit tells what matters.
      });
    }
    child.stdin?.on("error", () => {
      // A command may end without reading all of its input.
    });
    if (request.stdin !== undefined) child.stdin?.end(Buffer.from(request.stdin, "base64"));
    const limit = this.#startTimeLimit(request.timeoutMs);
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const { exitCode, signal } = await new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>(
      (resolve) => child.once("exit", (code, by) => resolve({ exitCode: code, signal: by })),
    );
    const usage = meter.stop();
    const timedOut = this.#state === "timing-out";
    this.#state = "exited";
    limit.abort();
    await this.#outputClosed(closed);
    const status = timedOut ? "timed-out" : signal === null ? "exited" : "killed";
    this.#log.append({ type: "end", status, exitCode, signal, usage });
  }

  /** Waits until all output is in the log; where a daemon keeps it open, for a moment after the reader has caught up. */
  async #outputClosed(closed: Promise<void>): Promise<void> {
    const done = new AbortController();
    void closed.then(() => done.abort());
    do {
      await delay(openOutputGraceMs, undefined, { signal: done.signal }).catch(() => undefined);
    } while (this.#log.isPaused && !done.signal.aborted);
  }

  #startTimeLimit(timeoutMs: number | undefined): AbortController {
    const stop = new AbortController();
    if (timeoutMs === undefined || timeoutMs <= 0) return stop;
    const run = async (): Promise<void> => {
      await delay(Math.min(timeoutMs, 2_147_483_647), undefined, { signal: stop.signal });
      this.#state = "timing-out";
      trySignal(-this.pid, "SIGTERM");
      const stopped = await delay(killGraceMs, true, { signal: stop.signal }).catch(() => false);
      // After the command itself ended, what it left in its group still has to go.
      if (stopped) trySignal(-this.pid, "SIGKILL");
      else this.signal("SIGKILL");
    };
    run().catch(() => {
      // Aborted: the command ended in time.
    });
    return stop;
  }
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Nothing of it is left.
    return;
  }
}
