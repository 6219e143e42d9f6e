// A small analysis of real data in a sandbox, as a notebook would do it, and a page of what came out.
// Start it with `npm run quickstart`, or with KERNELBOX_RUNTIME=docker for a container.
import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Execution, Sandbox } from "@kernelbox/core";
import { type PageCell, quickstartPage } from "./quickstart-page.ts";
import { exampleRuntime } from "./runtime.ts";

const cells = [
  {
    title: "Read the file that was uploaded",
    code: `import pandas as pd
weather = pd.read_csv("seattle-weather.csv", parse_dates=["date"])
print(f"{len(weather):,} days, from {weather.date.min():%d %B %Y} to {weather.date.max():%d %B %Y}")`,
  },
  {
    title: "Watch it work: the lines arrive while the cell runs",
    code: `import time
for year, days in weather.groupby(weather.date.dt.year):
    print(f"{year}: {(days.precipitation > 0).sum()} wet days, {days.precipitation.sum():,.0f} mm", flush=True)
    time.sleep(0.3)`,
  },
  {
    title: "A table",
    code: `monthly = weather.groupby(weather.date.dt.month_name(), sort=False).agg(
    warmest=("temp_max", "max"), coldest=("temp_min", "min"), rain=("precipitation", "mean"))
monthly.round(1).rename_axis(None)`,
  },
  { title: "A mistake", code: `weather["temperature"].mean()` },
  { title: "The variables are still there", code: `weather[["temp_min", "temp_max"]].mean().mean().round(1).item()` },
  {
    title: "A picture",
    code: `import matplotlib.pyplot as plt
mean = weather.groupby(weather.date.dt.day_of_year)[["temp_min", "temp_max"]].mean().rolling(7, center=True).mean()
figure, axes = plt.subplots(figsize=(9, 3.6), dpi=120)
axes.fill_between(mean.index, mean.temp_min, mean.temp_max, color="#f28e2b", alpha=0.25)
axes.plot(mean.index, mean.temp_max, color="#e15759", label="highest")
axes.plot(mean.index, mean.temp_min, color="#4e79a7", label="lowest")
axes.set(title="A year in Seattle, 2012 to 2015", xlabel="day of the year", ylabel="°C", xlim=(1, 366))
axes.spines[["top", "right"]].set_visible(False)
axes.legend(frameon=False)
plt.show()`,
  },
];

const dataFile = new URL("data/seattle-weather.csv", import.meta.url);
const sandbox = await Sandbox.create({
  runtime: exampleRuntime(),
  files: { "seattle-weather.csv": await readFile(dataFile) },
});
try {
  console.log(`sandbox ${sandbox.id}\n`);
  const shown: PageCell[] = [];
  for (const { title, code } of cells) {
    console.log(`▶ ${title}`);
    const execution = await sandbox.runCode(code, {
      onStdout: ({ text }) => void process.stdout.write(indented(text)),
    });
    console.log(`${indented(summaryOf(execution))}\n`);
    shown.push({ title, execution });
  }
  const path = resolve("quickstart.html");
  await writeFile(path, quickstartPage(shown));
  console.log(`Open ${path} in a browser to see the table and the picture.`);
} finally {
  await sandbox.stop();
}

function summaryOf(execution: Execution): string {
  if (execution.error !== undefined) return `${execution.error.name}: ${execution.error.message}`;
  const [result] = execution.results;
  if (result?.png !== undefined) return `a picture (PNG, ${Math.round((result.png.length * 3) / 4 / 1024)} KiB)`;
  if (result !== undefined) return result.text ?? "";
  return `done in ${Math.round(execution.usage.wallMs)} ms`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
