import type { Sample, Turn } from "./row.ts";

/** By then the compilers of V8, in up to three processes, are done with what a cell needs. */
const warmUpCells = 300;
/** Slow kernels get fewer; tslab becomes slower with every cell. */
const warmUpMs = 1_000;
const warm = new WeakSet<object>();

/** The smallest cell, again and again, in a kernel that is warm. `fits` says whether the result is the answer. */
export async function measureOnePlusOne(
  { kernel, quick }: Turn,
  fits: ((text: string | undefined) => boolean) | undefined,
  code: string = "1+1",
): Promise<Sample> {
  const open = await kernel();
  const values: number[] = [];
  const until = performance.now() + (quick || warm.has(open) ? 0 : warmUpMs);
  warm.add(open);
  for (let count = 0; count === 0 || (count < warmUpCells && performance.now() < until); count += 1)
    await open.run(code);
  for (let count = 0; count < (quick ? 5 : 20); count += 1) {
    const start = performance.now();
    const { text } = await open.run(code);
    values.push(performance.now() - start);
    if (fits?.(text) === false) throw new Error(`1+1 gave ${String(text)}`);
  }
  return { values };
}
