import type { Logger } from "../logger.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { PoolStock } from "./pool-stock.ts";
import type { ReadyBox } from "./ready-box.ts";

/** What a pool is made of. */
export type PoolParts = {
  readonly runtime: Runtime;
  readonly stock: PoolStock<ReadyBox>;
  /** Of the options that its boxes are made with. */
  readonly optionsFingerprint: string;
  readonly logger: Logger;
};

/** Not a member of the pool, so that `getSandbox` reaches it and users do not. */
const partsOfPools = new WeakMap<object, PoolParts>();

export function keepParts(pool: object, parts: PoolParts): void {
  partsOfPools.set(pool, parts);
}

/** `undefined` for what is no pool. */
export function partsOf(pool: unknown): PoolParts | undefined {
  return typeof pool === "object" && pool !== null ? partsOfPools.get(pool) : undefined;
}
