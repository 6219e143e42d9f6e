import { setTimeout as pause } from "node:timers/promises";
import type { Kernel } from "./subject.ts";

const patienceMs = 60_000;

/** Waits until a new kernel of this place has pandas imported. Nothing to wait for where each kernel starts by itself. */
export async function untilImported(kernel: Kernel): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (kernel.openAnother !== undefined) {
    const another = await kernel.openAnother();
    const { text } = await another.run("import sys; 'pandas' in sys.modules and 'matplotlib.pyplot' in sys.modules");
    await another.close();
    if (text === "True") break;
    if (performance.now() > deadline) throw new Error(`new kernels have not imported pandas after ${patienceMs} ms`);
    await pause(100);
  }
  // Until the next spare is there.
  await pause(1_000);
}
