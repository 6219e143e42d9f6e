import { type Row, absolute } from "../row.ts";

// boxd is the node process whose script is boxd.mjs. A box without a container may see those of other boxes, so it is looked
// for among the kernel's ancestors and their children: a forked kernel's parent is boxd's supervisor.
const code = `import os
def read(path):
    with open(path, "rb") as file: return file.read()
def is_boxd(pid):
    program, *arguments = read(f"/proc/{pid}/cmdline").split(b"\\0")
    return program.endswith(b"node") and any(b"boxd.mjs" in argument for argument in arguments)
def children(pid):
    return [int(child) for child in read(f"/proc/{pid}/task/{pid}/children").split()]
pid, found = os.getpid(), []
while not found:
    pid = int(read(f"/proc/{pid}/stat").rsplit(b")", 1)[1].split()[1])
    found = [other for other in [pid, *children(pid)] if is_boxd(other)]
sum(int(line.split()[1]) for line in open(f"/proc/{found[0]}/smaps_rollup") if line.startswith("Private_")) / 1000`;

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
