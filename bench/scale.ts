// How time and memory grow with the number of contexts in one box and with the number of boxes. Writes bench/scale.png.
// Started by hand: node --conditions=@kernelbox/source --import tsx bench/scale.ts [--runtime docker|local] [--contexts 200] [--boxes 50]
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { type CodeContext, Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { local } from "kernelbox/local";
import { memoryOf, processesWith } from "./host-processes.ts";
import { machineInWords } from "./machine.ts";
import { median } from "./statistics.ts";

const { values } = parseArgs({
  options: {
    runtime: { type: "string", default: "docker" },
    contexts: { type: "string", default: "200" },
    boxes: { type: "string", default: "50" },
  },
});
const marks = [1, 10, 50, 100, 200];
const runtime = values.runtime === "local" ? local() : docker();
const cell = "import pandas as pd\nint(pd.DataFrame({'x': range(100)}).x.sum())";

/** What was seen when there were so many. */
type Point = {
  readonly count: number;
  /** Median of those made since the last point. */
  readonly createMs: number;
  readonly cellMs: number;
  /** Of one more kernel, in MB. */
  readonly privateMb: number;
  readonly proportionalMb: number;
};

/** Many contexts in one box, each with a cell that uses pandas. */
async function contextsInOneBox(count: number): Promise<readonly Point[]> {
  const mark = crypto.randomUUID();
  const sandbox = await Sandbox.create({
    runtime,
    env: { SCALE: mark },
    timeoutMs: 120_000,
    ...(values.runtime === "docker" && { memoryMiB: 16_384, pids: 8_192 }),
  });
  try {
    await sandbox.runCode(cell);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const contexts: CodeContext[] = [];
    const points: Point[] = [];
    let createMs: number[] = [];
    let cellMs: number[] = [];
    while (contexts.length < count) {
      const start = performance.now();
      const context = await sandbox.createCodeContext();
      const made = performance.now();
      const { text } = await context.runCode(cell);
      if (text !== "4950") throw new Error(`context ${contexts.length} said ${String(text)}`);
      createMs.push(made - start);
      cellMs.push(performance.now() - made);
      contexts.push(context);
      if (!marks.includes(contexts.length)) continue;
      // Kernels that were forked have the template's command line.
      const kernels = processesWith(mark).filter(({ command }) => command.includes("kernelbox_kernel"));
      const memory = kernels.map(({ pid }) => memoryOf(pid));
      points.push({
        count: contexts.length,
        createMs: median(createMs),
        cellMs: median(cellMs),
        privateMb: median(memory.map(({ privateMb }) => privateMb)),
        proportionalMb: median(memory.map(({ proportionalMb }) => proportionalMb)),
      });
      console.log(`contexts in one box: ${JSON.stringify(points.at(-1))}`);
      [createMs, cellMs] = [[], []];
    }
    const answers = await Promise.all(contexts.map((context) => context.runCode("1 + 1")));
    const right = answers.filter(({ text }) => text === "2").length;
    console.log(`${right} of ${contexts.length} contexts answer`);
    return points;
  } finally {
    await sandbox.stop();
  }
}

/** Many boxes, each with one context that used pandas. */
async function boxesOnOneMachine(count: number): Promise<readonly Point[]> {
  const mark = crypto.randomUUID();
  const sandboxes: Sandbox[] = [];
  const points: Point[] = [];
  let createMs: number[] = [];
  let cellMs: number[] = [];
  try {
    while (sandboxes.length < count) {
      const start = performance.now();
      const sandbox = await Sandbox.create({ runtime, env: { SCALE: mark }, timeoutMs: 120_000 });
      sandboxes.push(sandbox);
      const made = performance.now();
      const { text } = await sandbox.runCode(cell);
      if (text !== "4950") throw new Error(`box ${sandboxes.length} said ${String(text)}`);
      createMs.push(made - start);
      cellMs.push(performance.now() - made);
      if (![1, 10, 25, 50].includes(sandboxes.length)) continue;
      const memory = processesWith(mark).map(({ pid }) => memoryOf(pid));
      const sum = (of: (one: (typeof memory)[number]) => number): number =>
        memory.reduce((total, one) => total + of(one), 0) / sandboxes.length;
      points.push({
        count: sandboxes.length,
        createMs: median(createMs),
        cellMs: median(cellMs),
        privateMb: sum(({ privateMb }) => privateMb),
        proportionalMb: sum(({ proportionalMb }) => proportionalMb),
      });
      console.log(`boxes, all processes of one: ${JSON.stringify(points.at(-1))}`);
      [createMs, cellMs] = [[], []];
    }
    const answers = await Promise.all(sandboxes.map((sandbox) => sandbox.runCode("1 + 1")));
    console.log(`${answers.filter(({ text }) => text === "2").length} of ${sandboxes.length} boxes answer`);
    return points;
  } finally {
    await Promise.all(sandboxes.map((sandbox) => sandbox.stop()));
  }
}

/** Drawn in a box, as a user would. */
async function draw(contexts: readonly Point[], boxes: readonly Point[]): Promise<Uint8Array> {
  await using sandbox = await Sandbox.create({ runtime });
  const { results, error } = await sandbox.runCode(`
import json, matplotlib.pyplot as plt
series = json.loads(${JSON.stringify(JSON.stringify({ contexts, boxes }))})
figure, axes = plt.subplots(2, 2, figsize=(11, 7))
for row, (name, points) in zip(axes, series.items()):
    counts = [p["count"] for p in points]
    for key, label in (("createMs", "to make one more"), ("cellMs", "its first cell with pandas")):
        row[0].plot(counts, [p[key] for p in points], marker="o", label=label)
    for key, label in (("privateMb", "private"), ("proportionalMb", "proportional (PSS)")):
        row[1].plot(counts, [p[key] for p in points], marker="o", label=label)
    row[0].set(title=f"{name}: time, median", xlabel=name, ylabel="ms", ylim=0)
    row[1].set(title=f"{name}: memory of one", xlabel=name, ylabel="MB", ylim=0)
    for axis in row: axis.legend(); axis.grid(alpha=0.3)
figure.suptitle(${JSON.stringify(`${values.runtime}, ${machineInWords()}`)}, fontsize=9)
figure.tight_layout()
plt.show()`);
  const png = results.find((result) => result.png !== undefined)?.png;
  if (png === undefined) throw new Error(`no plot came: ${error?.message ?? "no error"}`);
  return Buffer.from(png, "base64");
}

const contexts = await contextsInOneBox(Number(values.contexts));
const boxes = await boxesOnOneMachine(Number(values.boxes));
const file = new URL("scale.png", import.meta.url);
await writeFile(file, await draw(contexts, boxes));
console.log(`drawn: ${file.pathname}`);
