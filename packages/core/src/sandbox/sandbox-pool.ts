import { KernelboxError } from "../errors/kernelbox-error.ts";
import { silentLogger } from "../logger.ts";
import { boxSpecFrom } from "./box-spec.ts";
import { runtimeOrDefault } from "./default-runtime.ts";
import {
  type AcquireOptions,
  type SandboxPoolOptions,
  type SandboxPoolStatus,
  checkAcquire,
  checkPool,
} from "./pool-options.ts";
import { type PoolParts, keepParts } from "./pool-parts.ts";
import { PoolStock } from "./pool-stock.ts";
import {
  type ReadyBox,
  checkReadyBox,
  dressBox,
  endOfReadyBox,
  makeReadyBox,
  refuseLabels,
  touchReadyBox,
} from "./ready-box.ts";
import { Sandbox } from "./sandbox.ts";

/** How often a ready box is used within its idle time, so that it does not end. */
const touchesPerIdleTime = 3;
const leastTouchEveryMs = 50;

/** Options of `getSandbox` with a pool: everything else is the pool's. */
export type PooledSandboxOptions = AcquireOptions & { readonly pool: SandboxPool };

/**
 * Sandboxes that are made before they are asked for. They are kept alive and replaced in the background; each is handed
 * out once, and belongs to whoever got it.
 *
 * @example
 * const pool = await SandboxPool.create({ size: 4, warm: ["python"] });
 * const sandbox = await pool.acquire();
 * await sandbox.stop();
 * await pool.close();
 */
export class SandboxPool implements AsyncDisposable {
  /** How many sandboxes are kept ready. */
  readonly size: number;
  readonly #parts: PoolParts;

  private constructor(size: number, parts: PoolParts) {
    this.size = size;
    this.#parts = parts;
    keepParts(this, parts);
  }

  /** Makes a pool. It is full when this resolves; where one sandbox cannot be made this rejects, and nothing is left. */
  static async create(options: SandboxPoolOptions): Promise<SandboxPool> {
    checkPool(options);
    const { size, warm = [], parallelism = 2, sandbox = {}, signal } = options;
    const { logger = silentLogger } = sandbox;
    const runtime = runtimeOrDefault(sandbox.runtime, "SandboxPool.create");
    const { idleTimeoutMs, maxLifetimeMs, optionsFingerprint } = boxSpecFrom(runtime, sandbox, undefined);
    const stock = new PoolStock<ReadyBox>({
      size,
      parallelism,
      maxAgeMs: options.maxAgeMs ?? maxLifetimeMs / 2,
      touchEveryMs: idleTimeoutMs === 0 ? 0 : Math.max(leastTouchEveryMs, idleTimeoutMs / touchesPerIdleTime),
      make: (makeSignal) => makeReadyBox(runtime, { ...sandbox, signal: makeSignal }, warm),
      check: checkReadyBox,
      touch: touchReadyBox,
      ended: endOfReadyBox,
      discard: (box) => new Sandbox(box, true).stop(),
      logger,
    });
    try {
      await stock.fill(signal);
    } catch (error) {
      await stock.close(closedError());
      throw error;
    }
    return new SandboxPool(size, { runtime, stock, optionsFingerprint, logger });
  }

  /**
   * A sandbox that is ready, or the next one that is made. It was not handed out before, it answers, and its labels and
   * files are there. It is the caller's: it lives on when the pool is closed.
   */
  async acquire(options: AcquireOptions = {}): Promise<Sandbox> {
    checkAcquire(options, "acquire");
    const { runtime, stock } = this.#parts;
    refuseLabels(runtime, options.labels, "acquire");
    const { value: box } = await stock.take(options.signal);
    await dressBox(runtime, box, options);
    return new Sandbox(box, true);
  }

  /** How the pool is doing at this moment. */
  status(): SandboxPoolStatus {
    return this.#parts.stock.status;
  }

  /**
   * Stops what is ready and what is being made, and rejects who waits (`aborted`). What was handed out lives on.
   * Resolves when nothing of the pool is left; rejects when a sandbox could not be stopped. Idempotent.
   */
  close(): Promise<void> {
    return this.#parts.stock.close(closedError());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function closedError(): KernelboxError {
  return new KernelboxError("aborted", "the pool is closed; make another one with SandboxPool.create");
}
