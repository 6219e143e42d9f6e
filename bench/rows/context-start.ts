import { setTimeout as pause } from "node:timers/promises";
import { type Row, type Turn, absolute, against } from "../row.ts";
import type { Kernel, OpenOptions } from "../subject.ts";
import { untilImported } from "../until-imported.ts";

/** So far apart that the spare that was taken has a follower. */
const apartMs = 500;

/** From the wish for a kernel to one that has pandas and matplotlib. Ours starts in a box that is there. */
export const contextFromSpare: Row = {
  id: "context-spare",
  title: "new Python context, pandas + matplotlib imported, from the spare",
  ...row((quick) => (quick ? 1 : 3)),
  measure: (turn) => measure(turn, {}),
  goals: [
    absolute("≤ 15 ms", (ours) => ours <= 15),
    against("stock ipykernel", "≤ 1/20 of stock ipykernel", (ratio) => ratio <= 1 / 20),
  ],
};

/** The same where no spare fits. */
export const contextForked: Row = {
  id: "context-forked",
  title: "the same, forked on demand",
  ...row((quick) => (quick ? 1 : 3)),
  measure: (turn) => measure(turn, { env: { OWN: "1" } }),
  goals: [
    absolute("≤ 60 ms", (ours) => ours <= 60),
    against("stock ipykernel", "≤ 1/20 of stock ipykernel", (ratio) => ratio <= 1 / 20),
  ],
};

function row(rounds: Row["rounds"]): Pick<Row, "unit" | "better" | "rounds" | "peers" | "kernel"> {
  return { unit: "ms", better: "lower", rounds, peers: ["stock ipykernel"], kernel: "own" };
}

async function measure({ subject, kernel, quick }: Turn, options: OpenOptions): Promise<{ values: number[] }> {
  const imports = "import pandas, matplotlib.pyplot";
  const first = subject.name === "Kernelbox" ? await kernel() : undefined;
  if (first) await untilImported(first);
  const values: number[] = [];
  for (let index = 0; index < (quick || !first ? 2 : 10); index += 1) {
    const start = performance.now();
    const fresh: Kernel = await (first?.openAnother?.(options) ?? subject.open());
    // Where they are imported already, that is said by the memory row; a cell would measure `1+1` again.
    if (!first) await fresh.run(imports);
    values.push(performance.now() - start);
    await fresh.run(imports);
    await fresh.close();
    await pause(apartMs);
  }
  return { values };
}
