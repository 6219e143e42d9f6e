import type { Sample, Turn } from "./row.ts";

const code = "1+1";

/** The smallest cell, again and again, in a kernel that is warm. `fits` says whether what came back is the answer. */
export async function measureOnePlusOne(
  { kernel, quick }: Turn,
  fits: (text: string | undefined) => boolean,
): Promise<Sample> {
  const open = await kernel();
  const values: number[] = [];
  await open.run(code);
  for (let count = 0; count < (quick ? 5 : 20); count += 1) {
    const start = performance.now();
    const { text } = await open.run(code);
    values.push(performance.now() - start);
    if (!fits(text)) throw new Error(`1+1 gave ${String(text)}`);
  }
  return { values };
}
