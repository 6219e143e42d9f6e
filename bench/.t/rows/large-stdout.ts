import { type Row, against } from "../row.ts";

const megabytes = 100;
const code = `import sys
line = "x" * 999 + "\\n"
for _ in range(${megabytes}): sys.stdout.write(line * 1000)`;

/** 100 MB of text through every layer, the output limit raised. */
export const largeStdout: Row = {
  id: "large-stdout",
  title: "100 MB of stdout",
  unit: "MB/s",
  better: "higher",
  rounds: (quick) => (quick ? 1 : 3),
  peers: ["stock ipykernel", "Jupyter Server"],
  kernel: "shared",
  measure: async ({ kernel }) => {
    const open = await kernel();
    let bytes = 0;
    const start = performance.now();
    await open.run(code, { onStdout: (text) => (bytes += text.length) });
    const values = [bytes / 1000 / (performance.now() - start)];
    if (bytes === megabytes * 1_000_000) return { values };
    return { values, note: `${Math.round(bytes / 1e6)} of ${megabytes} MB arrived` };
  },
  goals: [
    { text: "all delivered", complete: true },
    against("stock ipykernel", "≥ 0.3 × stock ipykernel (≥ 0.8 where the tunnel is a socket)", (ratio) => ratio >= 0.3),
  ],
};
