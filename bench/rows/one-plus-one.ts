import { measureOnePlusOne } from "../measure-one-plus-one.ts";
import { type Row, against } from "../row.ts";

/** The smallest cell, in a kernel that is warm. */
export const onePlusOne: Row = {
  id: "one-plus-one",
  title: '`runCode("1+1")`',
  unit: "ms",
  better: "lower",
  rounds: (quick) => (quick ? 3 : 10),
  peers: ["stock ipykernel", "Jupyter Server"],
  kernel: "shared",
  measure: (turn) => measureOnePlusOne(turn, (text) => text === "2"),
  goals: [
    against("stock ipykernel", "≤ 1.0 × stock ipykernel", (ratio) => ratio <= 1),
    against("Jupyter Server", "≤ 1/8 of Jupyter Server", (ratio) => ratio <= 1 / 8),
  ],
};
