import { type Row, absolute } from "../row.ts";
import { untilImported } from "../until-imported.ts";

const code = `import pandas, matplotlib.pyplot
sum(int(line.split()[1]) for line in open("/proc/self/smaps_rollup") if line.startswith("Private_")) / 1000`;

/** What one more kernel costs: the memory that it shares with nobody. */
export const contextMemory: Row = {
  id: "context-memory",
  title: "private memory of a Python context with pandas and matplotlib",
  unit: "MB",
  better: "lower",
  rounds: () => 1,
  peers: ["stock ipykernel", "Jupyter Server"],
  kernel: "own",
  measure: async ({ subject }) => {
    const first = await subject.open();
    try {
      await untilImported(first);
      const kernel = (await first.openAnother?.()) ?? first;
      const { text } = await kernel.run(code);
      return { values: [Number(text)] };
    } finally {
      await first.close();
    }
  },
  goals: [absolute("≤ 25 MB", (ours) => ours <= 25)],
};
