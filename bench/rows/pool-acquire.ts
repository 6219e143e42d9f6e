import { type Row, absolute } from "../row.ts";

/** A sandbox with a started Python kernel, from a pool that is full. */
export const poolAcquire: Row = {
  id: "pool-acquire",
  title: "`Sandbox.create()` from a pool: `pool.acquire()`",
  unit: "ms",
  better: "lower",
  rounds: (quick) => (quick ? 1 : 3),
  peers: [],
  kernel: "own",
  measure: async ({ subject, quick }) => {
    if (subject.openPool === undefined) throw new Error(`${subject.name} has no pools`);
    const pool = await subject.openPool();
    const values: number[] = [];
    try {
      for (let index = 0; index < (quick ? 3 : 10); index += 1) {
        await pool.full();
        const start = performance.now();
        const kernel = await pool.acquire();
        values.push(performance.now() - start);
        // What came out of the pool has to be of use.
        await kernel.run("1+1");
        await kernel.close();
      }
    } finally {
      await pool.close();
    }
    return { values };
  },
  goals: [absolute("≤ 20 ms", (ours) => ours <= 20)],
};
