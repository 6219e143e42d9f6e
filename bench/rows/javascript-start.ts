import { setTimeout as pause } from "node:timers/promises";
import { type Row, absolute } from "../row.ts";

const apartMs = 1_500;

/** From the wish for a kernel to its first result. Ours starts in a box that is there. */
export const javascriptStart: Row = {
  id: "javascript-start",
  title: "JavaScript: new context, first result",
  unit: "ms",
  better: "lower",
  rounds: (quick) => (quick ? 3 : 10),
  peers: ["tslab", "Deno"],
  language: "javascript",
  kernel: "own",
  measure: async ({ subject, kernel }) => {
    const first = subject.name === "Kernelbox" ? await kernel() : undefined;
    // A language that is in use, and time for the next spare.
    await first?.run("1+1");
    await pause(apartMs);
    const start = performance.now();
    const fresh = await (first?.openAnother?.() ?? subject.open());
    try {
      await fresh.run("1+1");
      return { values: [performance.now() - start] };
    } finally {
      await fresh.close();
    }
  },
  goals: [absolute("≤ 60 ms", (ours) => ours <= 60)],
};
