import { type Row, against } from "../row.ts";

/** From nothing to the first result, nothing warm but the image. */
export const sandboxCreate: Row = {
  id: "sandbox-create",
  title: "`Sandbox.create()` to the first result, cold",
  unit: "ms",
  better: "lower",
  rounds: (quick) => (quick ? 1 : 5),
  peers: ["docker run + stock ipykernel", "stock ipykernel", "Jupyter Server"],
  kernel: "own",
  measure: async ({ subject }) => {
    const start = performance.now();
    const kernel = await subject.open();
    try {
      await kernel.run("1+1");
      return { values: [performance.now() - start] };
    } finally {
      await kernel.close();
    }
  },
  goals: [against("docker run + stock ipykernel", "≤ 1.5 × docker run + stock ipykernel", (ratio) => ratio <= 1.5)],
};
