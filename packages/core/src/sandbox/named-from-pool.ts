import { invalidArgument } from "../check-argument.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { NameTakenError } from "../runtime/name-taken-error.ts";
import type { BoxInfo, Runtime, WaitOptions } from "../runtime/runtime.ts";
import { type OpenBox, attachBox, isGone, nameAttempts, refuseConflict, tearDown } from "./open-sandbox.ts";
import { type AcquireOptions, checkAcquire } from "./pool-options.ts";
import { type PoolParts, partsOf } from "./pool-parts.ts";
import { type ReadyBox, dressBox, refuseLabels } from "./ready-box.ts";

type NamedOptions = AcquireOptions & { readonly pool: object };

/** The living box of that name, or one of the pool that gets the name. Atomic across processes, as making one is. */
export async function namedFromPool(name: string, { pool, ...options }: NamedOptions): Promise<OpenBox> {
  const parts = partsOf(pool);
  if (parts === undefined) throw invalidArgument("getSandbox: pool must be a SandboxPool");
  checkAcquire(options, "getSandbox with a pool");
  const { runtime } = parts;
  refuseLabels(runtime, options.labels, "getSandbox");
  const wait = options.signal === undefined ? {} : { signal: options.signal };
  for (let attempt = 1; ; attempt += 1) {
    const living = await findByName(runtime, name, wait);
    const found = living ?? (await nameOne(name, parts, wait));
    if ("connection" in found) {
      await dressBox(runtime, found, options);
      return { ...found, name };
    }
    refuseConflict(name, found, parts.optionsFingerprint);
    try {
      return { ...(await attachBox(runtime, found.id, { ...wait, logger: parts.logger })), name };
    } catch (error) {
      if (!isGone(error) || attempt === nameAttempts) throw error;
    }
  }
}

/** Looked for first, so that a name that lives costs no box. */
async function findByName(runtime: Runtime, name: string, wait: WaitOptions): Promise<BoxInfo | undefined> {
  return (await runtime.list(wait)).find((row) => row.name === name);
}

/** A box of the pool, which has the name now; or the row of the living one that got it meanwhile. */
async function nameOne(name: string, { runtime, stock }: PoolParts, wait: WaitOptions): Promise<ReadyBox | BoxInfo> {
  if (runtime.assignName === undefined) {
    throw new KernelboxError(
      "capability-unsupported",
      `getSandbox: runtime "${runtime.name}" cannot name a living box; leave pool out, or take one with pool.acquire() and keep its id`,
      { details: { runtime: runtime.name, option: "pool" } },
    );
  }
  const item = await stock.take(wait.signal);
  try {
    await runtime.assignName(item.value.connection.box.id, name, wait);
    return item.value;
  } catch (error) {
    if (error instanceof NameTakenError) {
      stock.giveBack(item);
      return error.box;
    }
    // Nobody knows whether it has the name.
    const { connection } = item.value;
    await tearDown(connection, () => connection.box.stop());
    throw error;
  }
}
