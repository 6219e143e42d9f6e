// A fork is a second context with the same variables: prepare once, try many ways from there, side by side.
import { Sandbox } from "kernelbox";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const context = await sandbox.createCodeContext();
  await context.runCode(`
import numpy as np
x = np.linspace(0, 10, 200)
y = np.sin(x) + np.random.default_rng(1).normal(0, 0.1, x.size)
`);

  const degrees = [1, 3, 5, 7];
  const scores = await Promise.all(
    degrees.map(async (degree) => {
      await using branch = await context.fork();
      const { text } = await branch.runCode(`
model = np.polynomial.Polynomial.fit(x, y, ${degree})
float(round(((model(x) - y) ** 2).mean(), 3))
`);
      return `degree ${degree}: ${text}`;
    }),
  );
  console.log(scores.join("\n"));

  const { error } = await context.runCode("model");
  console.log(`the original has no model: ${error?.message}`);
} finally {
  await sandbox.stop();
}
