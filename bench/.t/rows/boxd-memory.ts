import { type Row, absolute } from "../row.ts";

// boxd is the node process whose script is boxd.mjs; a box without a container may see those of other boxes, so it asks its own ancestors.
const code = `import os
def status(pid, field):
    return next(line.split()[1] for line in open(f"/proc/{pid}/status") if line.startswith(field))
pid = os.getpid()
while b"boxd.mjs" not in open(f"/proc/{pid}/cmdline", "rb").read():
    pid = status(pid, "PPid:")
sum(int(line.split()[1]) for line in open(f"/proc/{pid}/smaps_rollup") if line.startswith("Private_")) / 1000`;

/** What boxd itself costs, after a cell. */
export const boxdMemory: Row = {
  id: "boxd-memory",
  title: "private memory of boxd",
  unit: "MB",
  better: "lower",
  rounds: () => 1,
  peers: [],
  kernel: "own",
  measure: async ({ subject }) => {
    const kernel = await subject.open();
    try {
      const { text } = await kernel.run(code);
      return { values: [Number(text)] };
    } finally {
      await kernel.close();
    }
  },
  goals: [absolute("≤ 80 MB", (ours) => ours <= 80)],
};
