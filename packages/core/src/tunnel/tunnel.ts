import type { Duplex } from "node:stream";
import { abortable, pause, settledWithin, withDeadline } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { Logger } from "../logger.ts";
import type { Box, BoxExit } from "../runtime/box.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import { boxExitError } from "./box-exit-error.ts";
import { TunnelSession } from "./tunnel-session.ts";

const dialDeadlineMs = 15_000;
const firstPauseMs = 50;
const longestPauseMs = 1000;
const openStreamDeadlineMs = 10_000;
/** A tunnel usually breaks a little before its runtime knows that the box has ended. */
const exitGraceMs = 1500;

/** Every connection to one box. Dials when it is first needed, and again when the byte stream broke. */
export class Tunnel {
  readonly #box: Box;
  readonly #logger: Logger;
  readonly #sessions = new Set<TunnelSession>();
  readonly #closing = new AbortController();
  #current: TunnelSession | undefined;
  #dialing: Promise<TunnelSession> | undefined;
  #exit: BoxExit | undefined;

  constructor(box: Box, logger: Logger) {
    this.#box = box;
    this.#logger = logger;
    void box.exited.then((exit) => {
      this.#exit = exit;
      this.#stop(boxExitError(box.id, exit));
    });
  }

  /** Opens a connection: to boxd's API (`boxd`) or to a port in the box (`localhost:PORT`). */
  async openStream(authority: string, options: WaitOptions = {}): Promise<Duplex> {
    const session = await abortable(this.#session(), options.signal);
    try {
      return await withDeadline((signal) => session.openStream(authority, signal), {
        timeoutMs: openStreamDeadlineMs,
        signal: options.signal,
        onTimeout: () => lostError(this.#box.id, `a stream did not open within ${openStreamDeadlineMs} ms`),
      });
    } catch (error) {
      throw await this.failure(error);
    }
  }

  /** What a user is told of a connection that broke: why the box ended, or that the tunnel was lost. */
  async failure(cause: unknown): Promise<unknown> {
    if (KernelboxError.isInstance(cause)) return cause;
    if (this.#closing.signal.aborted) return this.#closing.signal.reason;
    const exit = await this.#soonExit();
    if (exit !== undefined) return boxExitError(this.#box.id, exit);
    return lostError(this.#box.id, cause instanceof Error ? cause.message : String(cause), cause);
  }

  /** Ends every connection. What waits is rejected with `reason`. */
  close(reason: KernelboxError): void {
    this.#stop(reason);
  }

  #stop(reason: KernelboxError): void {
    if (!this.#closing.signal.aborted) this.#closing.abort(reason);
    this.#current = undefined;
    for (const session of this.#sessions) session.destroy();
  }

  #session(): Promise<TunnelSession> {
    if (this.#closing.signal.aborted) return Promise.reject(this.#closing.signal.reason);
    const current = this.#current;
    if (current?.isOpen === true && !current.isWornOut) return Promise.resolve(current);
    this.#current = undefined;
    current?.retire();
    this.#dialing ??= this.#dial().finally(() => {
      this.#dialing = undefined;
    });
    return this.#dialing;
  }

  async #dial(): Promise<TunnelSession> {
    const giveUpAt = Date.now() + dialDeadlineMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await this.#dialOnce(Math.max(1, giveUpAt - Date.now()));
      } catch (error) {
        if (this.#closing.signal.aborted) throw this.#closing.signal.reason;
        if (isFinal(error)) throw await this.#explained(error);
        if (Date.now() + pauseMs >= giveUpAt) throw await this.failure(error);
        this.#logger.debug("the tunnel did not open; trying again", { boxId: this.#box.id, error: String(error) });
        await this.#pause(pauseMs);
      }
    }
  }

  /** A box that cannot be dialled since it has ended may not have said why yet. */
  async #explained(error: unknown): Promise<unknown> {
    const exit = await this.#soonExit();
    return exit === undefined ? error : boxExitError(this.#box.id, exit);
  }

  async #soonExit(): Promise<BoxExit | undefined> {
    return this.#exit ?? (await settledWithin(this.#box.exited, exitGraceMs));
  }

  async #dialOnce(timeoutMs: number): Promise<TunnelSession> {
    const session = await withDeadline(
      async (signal) => {
        const duplex = await this.#box.openTunnel({ signal });
        // The signal has no effect on a stream that came too late, so it is closed here.
        if (signal.aborted) {
          duplex.destroy();
          throw signal.reason;
        }
        return TunnelSession.start(duplex, signal);
      },
      { timeoutMs, signal: this.#closing.signal },
    );
    if (this.#closing.signal.aborted) {
      session.destroy();
      throw this.#closing.signal.reason;
    }
    this.#current = session;
    this.#sessions.add(session);
    void session.closed.then(() => this.#sessions.delete(session));
    return session;
  }

  async #pause(milliseconds: number): Promise<void> {
    try {
      await pause(milliseconds, this.#closing.signal);
    } catch {
      throw this.#closing.signal.reason;
    }
  }
}

function isFinal(error: unknown): boolean {
  return KernelboxError.isInstance(error) && (error.code === "box-exited" || error.code === "sandbox-not-found");
}

function lostError(boxId: string, why: string, cause?: unknown): KernelboxError {
  return new KernelboxError("tunnel-lost", `the tunnel to box ${boxId} broke: ${why}; try again`, {
    ...(cause === undefined ? {} : { cause }),
    details: { boxId },
  });
}
