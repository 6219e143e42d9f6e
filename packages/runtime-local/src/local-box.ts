import { writeFile } from "node:fs/promises";
import type { Duplex } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import {
  AbortError,
  type Box,
  type BoxExit,
  type BoxInfo,
  KernelboxError,
  type Limits,
  type WaitOptions,
} from "@kernelbox/core";
import { type BoxRecord, isMissing, readRecord, stateOf } from "./box-record.ts";
import { exitOf, lastWordsOf } from "./box-exit.ts";
import { connectSocket } from "./connect-socket.ts";
import { isAlive, type ProcessIdentity, signalGroup } from "./process-identity.ts";
import type { BoxPlaces } from "./registry.ts";
import { removeBox } from "./sweep.ts";

const watchIntervalMs = 250;
const dialIntervalMs = 15;
/** For a caller without a signal. */
const longestStartMs = 120_000;
const politeMs = 3000;
const certainMs = 5000;

/** A box that is a process of this machine. */
export class LocalBox implements Box {
  readonly id: string;
  readonly info: BoxInfo;
  readonly limits: Limits;
  readonly isolation: string;
  readonly exited: Promise<BoxExit>;
  readonly #places: BoxPlaces;
  #record: BoxRecord;
  #settle: (exit: BoxExit) => void = () => undefined;
  #exit: BoxExit | undefined;
  #watch: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(places: BoxPlaces, record: BoxRecord) {
    this.id = record.info.id;
    this.info = record.info;
    this.limits = record.limits;
    this.isolation = record.isolation;
    this.exited = new Promise((resolve) => (this.#settle = resolve));
    this.#places = places;
    this.#record = record;
    // Another process's child says nothing when it ends: it is looked at. Keeps this process alive until `release`, so
    // that a program can wait for `exited`.
    this.#watch = setInterval(() => void this.#look(), watchIntervalMs);
  }

  async openTunnel({ signal }: WaitOptions = {}): Promise<Duplex> {
    try {
      return await connectSocket(this.#places.socket, signal);
    } catch (error) {
      if (error instanceof AbortError) throw error;
      await this.#look();
      if (this.#exit === undefined) {
        throw new KernelboxError("tunnel-lost", `the box ${this.id} does not take connections`, { cause: error });
      }
      throw new KernelboxError("box-exited", `the box ${this.id} has ended (${this.#exit.reason})`, {
        cause: error,
        details: { ...this.#exit },
      });
    }
  }

  /** Resolves when boxd takes connections. On failure the error holds what boxd said. */
  async waitUntilDialled(signal: AbortSignal | undefined): Promise<void> {
    const until = Date.now() + longestStartMs;
    for (;;) {
      if (signal?.aborted === true) throw await this.#startAborted(signal.reason);
      try {
        (await connectSocket(this.#places.socket, signal)).destroy();
        return;
      } catch (error) {
        if (error instanceof AbortError) continue;
        await this.#look();
        if (this.#exit !== undefined) throw startFailed(this.id, describeExit(this.#exit), this.#exit.lastWords, error);
        if (Date.now() > until) throw await this.#startAborted(error);
      }
      await delay(dialIntervalMs);
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async release(): Promise<void> {
    clearInterval(this.#watch);
    this.#watch = undefined;
    await this.#looking;
  }

  async #stop(): Promise<void> {
    await this.#look();
    const { process } = await this.#freshRecord();
    if (this.#exit === undefined && process !== undefined) {
      await writeFile(this.#places.stopping, "").catch((error: unknown) => {
        if (!isMissing(error)) throw error; // somebody else has removed the box already
      });
      // bubblewrap ends at once with everything in its namespace; a plain boxd ends its kernels first.
      await signalGroup(process, "SIGTERM");
      if (!(await ended(process, politeMs))) await signalGroup(process, "SIGKILL");
      if (!(await ended(process, certainMs))) {
        throw new KernelboxError("box-exited", `process ${process.pid} of the box ${this.id} does not end`);
      }
    }
    await removeBox(this.#places.directory, this.#record);
    this.#end({ reason: "stopped", exitCode: 0 });
  }

  /** One look at a time; settles `exited` when the box has ended. Never rejects. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookOnce().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #lookOnce(): Promise<void> {
    if (this.#exit !== undefined) return;
    try {
      if ((await stateOf(await this.#freshRecord())) !== "ended") return;
      this.#end(await exitOf(this.#places));
    } catch (error) {
      this.#end({ reason: "engine-gone", lastWords: String(error) });
    }
  }

  /** Where the box was found while it was being made, its process became known later. */
  async #freshRecord(): Promise<BoxRecord> {
    if (this.#record.process === undefined) this.#record = (await readRecord(this.#places.directory)) ?? this.#record;
    return this.#record;
  }

  #end(exit: BoxExit): void {
    this.#exit ??= exit;
    clearInterval(this.#watch);
    this.#watch = undefined;
    this.#settle(this.#exit);
  }

  /** A start that took too long is our failure, with what boxd said; one that is not wanted any more is an abort. */
  async #startAborted(reason: unknown): Promise<Error> {
    if (reason instanceof Error && reason.name !== "TimeoutError" && !isConnectError(reason))
      return new AbortError(reason);
    if (!(reason instanceof Error)) return new AbortError(reason);
    return startFailed(
      this.id,
      "did not answer in time; raise startTimeoutMs",
      await lastWordsOf(this.#places),
      reason,
    );
  }
}

function isConnectError(error: Error): boolean {
  return "syscall" in error;
}

function startFailed(id: string, what: string, lastWords: string | undefined, cause: unknown): KernelboxError {
  const said = lastWords === undefined ? "It said nothing." : `Its last words: ${lastWords}`;
  return new KernelboxError("box-start-failed", `the local box ${id} ${what}. ${said}`, {
    cause,
    details: { id, ...(lastWords === undefined ? {} : { lastWords }) },
  });
}

function describeExit(exit: BoxExit): string {
  return `ended while it started (${exit.exitCode === undefined ? exit.reason : `exit code ${exit.exitCode}`})`;
}

async function ended(process: ProcessIdentity, withinMs: number): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (await isAlive(process)) {
    if (Date.now() > until) return false;
    await delay(10);
  }
  return true;
}
