import { measureOnePlusOne } from "../measure-one-plus-one.ts";
import { type Row, absolute } from "../row.ts";

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
  // tslab shows values in another way.
  measure: (turn) => measureOnePlusOne(turn, (text) => text === undefined || text === "2"),
  goals: [absolute("≤ 2 ms", (ours) => ours <= 2)],
};
