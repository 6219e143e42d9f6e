// A chart from JavaScript: a Vega-Lite specification is shown as one, also when it is simply the value of a cell.
import { Sandbox } from "kernelbox";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const execution = await sandbox.runCode(
    `
const people = [
  { city: "Oslo", people: 717_710 },
  { city: "Lima", people: 10_092_000 },
  { city: "Kyoto", people: 1_443_000 },
];
({
  $schema: "https://vega.github.io/schema/vega-lite/v5.json",
  data: { values: people },
  mark: "bar",
  encoding: { x: { field: "city" }, y: { field: "people", type: "quantitative" } },
})`,
    { language: "javascript" },
  );
  const [chart] = execution.results;
  const formats = Object.keys(chart?.formats ?? {});
  console.log(`formats: ${formats.join(", ")}`);
  const type = formats.find((format) => format.includes("vegalite"));
  const specification = chart?.formats[type ?? ""] as { mark: string; data: { values: unknown[] } };
  console.log(`a ${specification.mark} chart of ${specification.data.values.length} rows`);
} finally {
  await sandbox.stop();
}
