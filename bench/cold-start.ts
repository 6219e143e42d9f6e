// Where the time of a cold start goes, from Sandbox.create to the first result, with Docker. Started by hand:
// node --conditions=@kernelbox/source --import tsx bench/cold-start.ts [--rounds 10]
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { median } from "./statistics.ts";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "10" } } });
const runtime = docker();
const phases = new Map<string, number[]>();

/** What the engine and boxd say of a container, in ms since the epoch. */
function timesOf(id: string): { readonly created: number; readonly started: number; readonly listening: number } {
  const filter = `label=kernelbox.id=${id}`;
  const container = engine("ps", "--all", "--quiet", "--no-trunc", "--filter", filter).trim();
  const [created = "", started = ""] = engine("inspect", "--format", "{{.Created}} {{.State.StartedAt}}", container)
    .trim()
    .split(" ");
  const ready = engine("logs", "--timestamps", container)
    .split("\n")
    .find((line) => line.includes('"ready":true'));
  return {
    created: Date.parse(created),
    started: Date.parse(started),
    listening: Date.parse(ready?.split(" ")[0] ?? ""),
  };
}

function engine(...args: string[]): string {
  return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
}

function note(phase: string, ms: number): void {
  phases.set(phase, [...(phases.get(phase) ?? []), ms]);
}

for (let round = 0; round < Number(values.rounds); round += 1) {
  const start = Date.now();
  const sandbox = await Sandbox.create({ runtime });
  const made = Date.now();
  try {
    const context = await sandbox.defaultCodeContext();
    const ready = Date.now();
    await context.runCode("1 + 1");
    const end = Date.now();
    const { created, started, listening } = timesOf(sandbox.id);
    note("the engine makes the container", created - start);
    note("the engine starts it", started - created);
    note("Node starts and boxd listens", listening - started);
    note("the tunnel opens, boxd says how it is", made - listening);
    note("the first kernel answers", ready - made);
    note("the first cell", end - ready);
    note("all", end - start);
  } finally {
    await sandbox.stop();
  }
}
for (const [phase, all] of phases) console.log(`${phase.padEnd(40)} ${median(all).toFixed(0).padStart(5)} ms`);
