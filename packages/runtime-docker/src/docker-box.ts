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
import type { Container } from "dockerode";
import type { ContainerWatch } from "./container-watch.ts";
import type { Doorway } from "./doorway.ts";
import type { Engine } from "./engine.ts";
import { errorFromEngine, statusOf } from "./engine-error.ts";
import { openExecTunnel } from "./exec-tunnel.ts";
import { removeContainer } from "./remove-container.ts";

const tunnelTimeoutMs = 10_000;
/** How long boxd, which listens already, may take to connect to us. */
const doorwayTimeoutMs = 1_000;
/** How long a box may take to come through its doorway before `exec` is tried as well. */
const doorwayLeadMs = 1_500;
const dialAgainMs = 25;
/** boxd ends its kernels first. */
const stopGraceSeconds = 3;

/** What a {@link DockerBox} is made of. */
export type DockerBoxParts = {
  readonly engine: Engine;
  readonly container: Container;
  readonly watch: ContainerWatch;
  readonly info: BoxInfo;
  readonly limits: Limits;
  readonly exited: Promise<BoxExit>;
  /** Where box and client share a machine. */
  readonly doorway?: Doorway | undefined;
};

/** A box that is a container. */
export class DockerBox implements Box {
  readonly id: string;
  readonly info: BoxInfo;
  readonly limits: Limits;
  readonly isolation = "container";
  readonly exited: Promise<BoxExit>;
  readonly #parts: DockerBoxParts;
  readonly #tunnels = new Set<Duplex>();
  /** `undefined` once it turned out that nobody comes through it. */
  #doorway: Doorway | undefined;
  /** Opened to see whether the box answers, and not used yet. */
  #first: Duplex | undefined;
  #exit: BoxExit | undefined;
  #stopping: Promise<void> | undefined;

  constructor(parts: DockerBoxParts) {
    this.id = parts.info.id;
    this.info = parts.info;
    this.limits = parts.limits;
    this.#parts = parts;
    this.#doorway = parts.doorway;
    this.exited = parts.exited.then(async (exit) => {
      this.#exit = exit;
      this.#closeAll();
      await parts.doorway?.remove();
      return exit;
    });
  }

  /** Resolves when the box can be dialled; boxd takes a moment to start. */
  async becomeReady(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    const until = Date.now() + timeoutMs;
    this.#first = await this.#throughDoorway(doorwayLeadMs, signal);
    while (this.#first === undefined) {
      try {
        this.#first = await this.openTunnel(signal === undefined ? {} : { signal });
      } catch (error) {
        const mayComeYet = KernelboxError.isInstance(error) && error.code === "tunnel-lost" && Date.now() < until;
        if (!mayComeYet) throw error;
        await delay(dialAgainMs);
      }
    }
  }

  async openTunnel({ signal }: WaitOptions = {}): Promise<Duplex> {
    const { engine, container } = this.#parts;
    if (this.#exit !== undefined) throw exitedError(this.id, this.#exit);
    if (signal?.aborted === true) throw new AbortError(signal.reason);
    const first = this.#first;
    this.#first = undefined;
    if (first !== undefined && !first.destroyed) return first;
    const direct = await this.#throughDoorway(doorwayTimeoutMs, signal);
    if (direct !== undefined) return direct;
    try {
      const tunnel = await openExecTunnel(container, {
        timeoutMs: tunnelTimeoutMs,
        ...(signal === undefined ? {} : { signal }),
      });
      return this.#kept(tunnel);
    } catch (error) {
      if (error instanceof AbortError) throw error;
      if (await this.#hasEnded(error)) throw exitedError(this.id, this.#exit, error);
      // Neither the engine's refusal nor a network error: boxd does not take connections.
      if (error instanceof Error && error.name === "RelayError") {
        throw new KernelboxError("tunnel-lost", `the box ${this.id} does not take connections: ${error.message}`, {
          cause: error,
        });
      }
      throw errorFromEngine(error, engine, signal);
    }
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async release(): Promise<void> {
    this.#closeAll();
  }

  async #stop(): Promise<void> {
    const { engine, container, watch } = this.#parts;
    watch.markAsked();
    try {
      await container.stop({ t: stopGraceSeconds });
    } catch (error) {
      // 304: it had ended already; 404: it is gone.
      if (statusOf(error) !== 304 && statusOf(error) !== 404) throw errorFromEngine(error, engine);
    }
    await removeContainer(engine, container);
    await Promise.race([this.exited, delay(2000, undefined, { ref: false })]);
    this.#closeAll();
    await this.#parts.doorway?.remove();
  }

  /** `undefined` where there is no doorway, or nobody comes through it in time. */
  async #throughDoorway(timeoutMs: number, signal: AbortSignal | undefined): Promise<Duplex | undefined> {
    const doorway = this.#doorway;
    if (doorway === undefined) return undefined;
    const over = new AbortController();
    const either = AbortSignal.any([over.signal, ...(signal === undefined ? [] : [signal])]);
    void this.exited.then(() => over.abort());
    try {
      return this.#kept(await doorway.open({ timeoutMs, signal: either }));
    } catch (error) {
      if (signal?.aborted === true) throw new AbortError(signal.reason);
      if (this.#exit !== undefined) throw exitedError(this.id, this.#exit, error);
      // A mount that the box's user may not enter, an engine in a virtual machine, gVisor: not worth a second try.
      this.#doorway = undefined;
      return undefined;
    }
  }

  #kept(tunnel: Duplex): Duplex {
    this.#tunnels.add(tunnel);
    tunnel.once("close", () => this.#tunnels.delete(tunnel));
    return tunnel;
  }

  /** The engine refuses to exec in a container that has ended (409) or is gone (404), and tells of the end a moment later. */
  async #hasEnded(error: unknown): Promise<boolean> {
    const status = statusOf(error);
    if (status !== 404 && status !== 409) {
      try {
        if ((await this.#parts.container.inspect()).State.Running) return false;
      } catch (inspectionError) {
        if (statusOf(inspectionError) !== 404) return false;
      }
    }
    await Promise.race([this.exited, delay(2000, undefined, { ref: false })]);
    return true;
  }

  #closeAll(): void {
    for (const tunnel of this.#tunnels) {
      tunnel.on("error", () => undefined); // nobody waits for it any more
      tunnel.destroy();
    }
    this.#tunnels.clear();
    this.#parts.watch.close();
  }
}

function exitedError(id: string, exit: BoxExit | undefined, cause?: unknown): KernelboxError {
  return new KernelboxError("box-exited", `the box ${id} has ended (${exit?.reason ?? "its container is gone"})`, {
    ...(cause === undefined ? {} : { cause }),
    details: { ...exit },
  });
}
