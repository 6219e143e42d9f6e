import { setTimeout as delay } from "node:timers/promises";
import { KernelboxError } from "@kernelbox/core";
import type { Container } from "dockerode";
import type { Engine } from "./engine.ts";
import { errorFromEngine, statusOf } from "./engine-error.ts";

const longestMs = 20_000;

/** Ends and deletes the container. Resolves when the engine does not know it any more; safe when it is gone already. */
export async function removeContainer(engine: Engine, container: Container): Promise<void> {
  const until = Date.now() + longestMs;
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    // 409: it is being removed already, as it removes itself when it ends.
    if (statusOf(error) !== 404 && statusOf(error) !== 409) throw errorFromEngine(error, engine);
  }
  while (await isKnown(engine, container)) {
    if (Date.now() > until) {
      throw new KernelboxError(
        "box-exited",
        `the engine did not remove the container ${container.id} within ${longestMs} ms`,
      );
    }
    await delay(30);
  }
}

async function isKnown(engine: Engine, container: Container): Promise<boolean> {
  try {
    await container.inspect();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw errorFromEngine(error, engine);
  }
}
