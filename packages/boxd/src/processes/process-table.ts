import { setTimeout as delay } from "node:timers/promises";
import type { BoxdConfig, StartProcessRequest } from "@kernelbox/protocol";
import type { Activity } from "../activity.ts";
import { FailureError } from "../failure-error.ts";
import type { EventLogBounds } from "./event-log.ts";
import { BoxProcess } from "./box-process.ts";
import { spawnCommand } from "./spawn-command.ts";

const rememberedProcesses = 200;
const rememberedBytes = 64 * 1024 * 1024;
const stopGraceMs = 1_000;
const mebibyte = 1024 * 1024;
/** What the output of one command may hold, where it does not ask for less. */
const mostHeldBytes = 16 * mebibyte;
/** Shared by the commands that run. Each keeps what may be under way to its reader, for when that breaks off. */
const heldBudgetBytes = 64 * mebibyte;
const leastHeldBytes = mebibyte;
/** What waits for readers that are slow; past that their commands wait too. */
const mostUnreadBytes = 256 * 1024;
const unreadBudgetBytes = 4 * mebibyte;
const leastUnreadBytes = 16 * 1024;

/** The commands of the box: those that run, and the latest that have ended. */
export class ProcessTable {
  readonly #config: BoxdConfig;
  readonly #activity: Activity;
  readonly #processes = new Map<string, Promise<BoxProcess>>();
  /** Oldest first. */
  readonly #ended: BoxProcess[] = [];
  readonly #running = new Set<BoxProcess>();
  #stopped = false;

  constructor(config: BoxdConfig, activity: Activity) {
    this.#config = config;
    this.#activity = activity;
  }

  /** Starts a command; a request with an id that is known gives the process that has it. */
  async start(request: StartProcessRequest): Promise<BoxProcess> {
    if (this.#stopped) throw new FailureError("internal", "the box is stopping");
    const known = this.#processes.get(request.id);
    if (known) return await known;
    const starting = this.#spawn(request);
    this.#processes.set(request.id, starting);
    try {
      return await starting;
    } catch (error) {
      this.#processes.delete(request.id);
      throw error;
    }
  }

  async get(id: string): Promise<BoxProcess> {
    const found = await this.#processes.get(id);
    if (found) return found;
    throw new FailureError("process-not-found", `the box knows no process ${id}; the oldest ended ones are forgotten`, {
      details: { id },
    });
  }

  /** Ends all running commands, politely first. What left their groups is for the sweep of the box. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled(this.#processes.values());
    const running = [...this.#running];
    if (running.length === 0) return;
    for (const entry of running) entry.signal("SIGTERM");
    const grace = new AbortController();
    const ended = Promise.all(running.map((entry) => entry.ended));
    await Promise.race([ended, delay(stopGraceMs, undefined, { signal: grace.signal }).catch(() => undefined)]);
    for (const entry of running) if (!entry.hasExited) entry.signal("SIGKILL");
    await Promise.race([ended, delay(stopGraceMs, undefined, { signal: grace.signal }).catch(() => undefined)]);
    grace.abort();
  }

  async #spawn(request: StartProcessRequest): Promise<BoxProcess> {
    const command = await spawnCommand(request, this.#config);
    const started = new BoxProcess(command, {
      request,
      boxId: this.#config.boxId,
      activity: this.#activity,
      bounds: () => this.#bounds(request.maxOutputBytes ?? mostHeldBytes),
    });
    this.#running.add(started);
    for (const other of this.#running) other.trim();
    void started.ended.then(() => {
      this.#running.delete(started);
      this.#ended.push(started);
      this.#forgetOldest();
    });
    return started;
  }

  /** The fair part of one command. */
  #bounds(askedBytes: number): EventLogBounds {
    const running = Math.max(1, this.#running.size);
    const heldBytes = Math.min(askedBytes, Math.max(leastHeldBytes, heldBudgetBytes / running));
    const fairUnreadBytes = Math.max(leastUnreadBytes, Math.min(mostUnreadBytes, unreadBudgetBytes / running));
    return { heldBytes, unreadBytes: Math.min(fairUnreadBytes, heldBytes / 2) };
  }

  #forgetOldest(): void {
    let bytes = this.#ended.reduce((sum, entry) => sum + entry.heldBytes, 0);
    // The latest one stays whatever it holds: its caller is reading it.
    while (this.#ended.length > 1 && (this.#ended.length > rememberedProcesses || bytes > rememberedBytes)) {
      const oldest = this.#ended.shift();
      if (!oldest) return;
      bytes -= oldest.heldBytes;
      this.#processes.delete(oldest.id);
    }
  }
}
