// Bash with a memory: functions, the working directory and a background job live from cell to cell, and failures are data.
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { exampleRuntime } from "./runtime.ts";

// The local runtime has the machine's own Bash; in Docker there is an image for it.
const sandbox = await Sandbox.create(
  process.env["KERNELBOX_RUNTIME"] === "docker"
    ? { runtime: docker(), image: "kernelbox/bash:0.1" }
    : { runtime: exampleRuntime() },
);
try {
  const context = await sandbox.createCodeContext({ language: "bash" });
  await sandbox.writeFile("weather.csv", "Oslo,-3\nLima,19\nOslo,1\nKyoto,8\nLima,21\n");
  await context.runCode(`
mean() { awk -F, -v city="$1" '$1 == city { sum += $2; n++ } END { printf "%s %.1f\\n", city, sum / n }' weather.csv; }
mapfile -t cities < <(cut -d, -f1 weather.csv | sort -u)
sleep 0.5 && echo finished >job.log &`);

  const means = await context.runCode('for city in "${cities[@]}"; do mean "$city"; done');
  console.log(means.logs.stdout.join("").trim());

  const waited = await context.runCode("wait && cat job.log");
  console.log(`the job of the first cell has ${waited.logs.stdout.join("").trim()}`);

  const failed = await context.runCode("set -euo pipefail\ncut -d, -f1 missing.csv | sort\necho never");
  console.log(`${failed.error?.name} in line ${failed.error?.lineNumber}: ${failed.error?.message}`);
  console.log(`still there: ${(await context.runCode("echo ${#cities[@]} cities")).logs.stdout.join("").trim()}`);

  const asked = await context.runCode('read -p "Which one? " city\nmean "$city"', { onInput: () => "Lima" });
  console.log(asked.logs.stdout.join("").trim());

  const shown = await context.runCode('kb_html "<b>${cities[0]}</b>"');
  console.log(shown.results[0]?.html);
} finally {
  await sandbox.stop();
}
