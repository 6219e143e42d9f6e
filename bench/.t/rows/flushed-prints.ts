import { type Row, against } from "../row.ts";

const count = 20_000;
const code = `for i in range(${count}): print(i, flush=True)`;
const expected = Array.from({ length: count }, (_, index) => `${index}\n`).join("");

/** Many small messages: what is lost, and what each costs. */
export const flushedPrints: Row = {
  id: "flushed-prints",
  title: "20,000 flushed prints",
  unit: "ms",
  better: "lower",
  rounds: (quick) => (quick ? 1 : 3),
  peers: ["stock ipykernel", "Jupyter Server"],
  kernel: "shared",
  measure: async ({ kernel }) => {
    const open = await kernel();
    const pieces: string[] = [];
    const start = performance.now();
    await open.run(code, { onStdout: (text) => pieces.push(text) });
    const values = [performance.now() - start];
    const received = pieces.join("");
    if (received === expected) return { values };
    const lines = received.split("\n").filter((line) => /^\d+$/.test(line)).length;
    return { values, note: `${lines.toLocaleString("en-US")} of ${count.toLocaleString("en-US")} lines arrived` };
  },
  goals: [
    { text: "all in order", complete: true },
    against("stock ipykernel", "≤ 1.1 × stock ipykernel", (ratio) => ratio <= 1.1),
  ],
};
