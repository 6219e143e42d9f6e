import { type Row, absolute } from "../row.ts";

const count = 5;
// The kernel says when it printed, by the clock of the machine that both share; then the cell goes on, so that its end flushes nothing.
const code = `import time
for _ in range(${count}):
    print(time.time_ns())
    time.sleep(0.45)`;

/** From a plain `print` in a cell that goes on, to the caller's callback. */
export const unflushedPrint: Row = {
  id: "unflushed-print",
  title: "an unflushed `print` to `onStdout`",
  unit: "ms",
  better: "lower",
  rounds: (quick) => (quick ? 1 : 3),
  peers: ["stock ipykernel", "Jupyter Server"],
  kernel: "shared",
  measure: async ({ kernel }) => {
    const values: number[] = [];
    await (
      await kernel()
    ).run(code, {
      onStdout: (text) => {
        const now = Date.now();
        for (const line of text.split("\n")) if (line !== "") values.push(Math.max(0, now - Number(line) / 1e6));
      },
    });
    if (values.length !== count) throw new Error(`${values.length} of ${count} prints arrived`);
    return { values };
  },
  goals: [absolute("≤ 30 ms", (ours) => ours <= 30)],
};
