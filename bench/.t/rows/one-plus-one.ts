import { type Row, against } from "../row.ts";

const code = "1+1";

/** The smallest cell, in a kernel that is warm. */
export const onePlusOne: Row = {
  id: "one-plus-one",
  title: '`runCode("1+1")`',
  unit: "ms",
  better: "lower",
  rounds: (quick) => (quick ? 3 : 10),
  peers: ["stock ipykernel", "Jupyter Server"],
  kernel: "shared",
  measure: async ({ kernel, quick }) => {
    const open = await kernel();
    const values: number[] = [];
    await open.run(code);
    for (let count = 0; count < (quick ? 5 : 20); count += 1) {
      const start = performance.now();
      const { text } = await open.run(code);
      values.push(performance.now() - start);
      if (text !== "2") throw new Error(`1+1 gave ${String(text)}`);
    }
    return { values };
  },
  goals: [
    against("stock ipykernel", "≤ 1.0 × stock ipykernel", (ratio) => ratio <= 1),
    against("Jupyter Server", "≤ 1/8 of Jupyter Server", (ratio) => ratio <= 1 / 8),
  ],
};
