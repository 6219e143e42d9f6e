import { type Row, absolute } from "../row.ts";

const code = "1+1";

/** The smallest cell of JavaScript, in a kernel that is warm. */
export const javascriptOnePlusOne: Row = {
  id: "javascript-one-plus-one",
  title: "JavaScript: `1+1`",
  unit: "ms",
  better: "lower",
  rounds: (quick) => (quick ? 3 : 10),
  peers: ["tslab", "Deno"],
  language: "javascript",
  kernel: "shared",
  measure: async ({ kernel, quick }) => {
    const open = await kernel();
    const values: number[] = [];
    await open.run(code);
    for (let count = 0; count < (quick ? 5 : 20); count += 1) {
      const start = performance.now();
      const { text } = await open.run(code);
      values.push(performance.now() - start);
      // tslab shows values in another way.
      if (text !== undefined && text !== "2") throw new Error(`1+1 gave ${text}`);
    }
    return { values };
  },
  goals: [absolute("≤ 2 ms", (ours) => ours <= 2)],
};
