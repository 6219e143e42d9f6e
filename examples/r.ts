// Statistics in R: a data frame as a table, a plot as a picture, an error as data. In Docker, or on a machine with R.
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create(
  process.env["KERNELBOX_RUNTIME"] === "docker"
    ? { runtime: docker(), image: "kernelbox/r:0.1" }
    : { runtime: exampleRuntime() },
);
try {
  const context = await sandbox.createCodeContext({ language: "r" });
  const table = await context.runCode("aggregate(mpg ~ cyl, mtcars, mean)");
  for (const row of table.results[0]?.data?.data ?? []) console.log(row["cyl"], "cylinders:", row["mpg"], "mpg");

  await context.runCode("fit <- lm(mpg ~ wt, data = mtcars)");
  const slope = await context.runCode('unname(round(coef(fit)["wt"], 2))');
  console.log(`each 1000 lbs cost ${slope.text} mpg`);

  const plot = await context.runCode("plot(mpg ~ wt, data = mtcars)\nabline(fit)");
  console.log(`a PNG of ${Buffer.from(plot.results[0]?.png ?? "", "base64").length} bytes`);

  const failed = await context.runCode("weights <- c(2.5, 3)\npredict(fit, weights)");
  console.log(`${failed.error?.name} in line ${failed.error?.lineNumber}: ${failed.error?.message}`);
  console.log(`still there: ${(await context.runCode("length(weights)")).text} weights`);
} finally {
  await sandbox.stop();
}
