// Tables, pictures and HTML come as they would in a notebook: one result per displayed object, in all its formats.
import { Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const table = await sandbox.runCode(`
import pandas as pd
pd.DataFrame({"city": ["Oslo", "Lima"], "people": [717_710, 10_092_000]})`);
  const [frame] = table.results;
  console.log(frame?.text);
  console.log(`the table has the formats ${Object.keys(frame?.formats ?? {}).join(", ")}`);

  const plot = await sandbox.runCode(`
import matplotlib.pyplot as plt
plt.plot([1, 4, 9], label="squares")
plt.title("Squares")
plt.show()`);
  const [picture] = plot.results;
  console.log(`the plot is a PNG of ${Buffer.from(picture?.png ?? "", "base64").length} bytes`);
  console.log(`and a chart of type ${picture?.chart?.type}, titled ${picture?.chart?.title}`);

  const html = await sandbox.runCode("from IPython.display import HTML\nHTML('<b>bold</b>')");
  console.log(`html: ${html.results[0]?.html}`);
} finally {
  await sandbox.stop();
}
