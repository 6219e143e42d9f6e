import { type Row, absolute } from "../row.ts";

const code = "import numpy as np\ndata = np.ones(50_000_000)";

/** A second context with 400 MB of variables. */
export const contextFork: Row = {
  id: "context-fork",
  title: "`context.fork()` with 400 MB of variables",
  unit: "ms",
  better: "lower",
  rounds: () => 1,
  peers: [],
  kernel: "own",
  measure: async ({ kernel, quick }) => {
    const context = await (await kernel()).openAnother?.();
    if (!context?.fork) throw new Error("its contexts cannot be forked");
    const values: number[] = [];
    await context.run(code);
    for (let index = 0; index < (quick ? 3 : 10); index += 1) {
      const start = performance.now();
      const fork = await context.fork();
      values.push(performance.now() - start);
      // It has to have them, not just to be there.
      const { text } = await fork.run("int(data.sum())");
      if (text !== "50000000") throw new Error(`the fork has ${text}`);
      await fork.close();
    }
    await context.close();
    return { values };
  },
  goals: [absolute("≤ 60 ms", (ours) => ours <= 60)],
};
