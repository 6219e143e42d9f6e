import type { Duplex } from "node:stream";
import type { BoxInfo, Limits, WaitOptions } from "./runtime.ts";

/** Why a box ended. */
export type BoxExitReason = "stopped" | "idle" | "lifetime" | "out-of-memory" | "crashed" | "engine-gone";
export type BoxExit = {
  readonly reason: BoxExitReason;
  readonly exitCode?: number;
  /** The last lines that the box said, where known. */
  readonly lastWords?: string;
};

/** What a runtime makes: something alive that can be dialled, and that can die. */
export interface Box {
  readonly id: string;
  readonly info: BoxInfo;
  /** What is really enforced. */
  readonly limits: Limits;
  /** "container", "bubblewrap" or "none". */
  readonly isolation: string;
  /** Opens one byte stream to boxd. Called at the start, and again whenever the stream breaks. Ended box: `box-exited`. */
  openTunnel(options?: WaitOptions): Promise<Duplex>;
  /** Never rejects. */
  readonly exited: Promise<BoxExit>;
  /** Ends the box and deletes everything in it. Idempotent, safe after death. Resolves when nothing is left. */
  stop(): Promise<void>;
  /** Lets go of the box, which lives on: closes what this process holds (watchers, engine connections). Idempotent. */
  release(): Promise<void>;
}
