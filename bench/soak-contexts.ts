// Contexts made, used and deleted in one box, some of them forks or with a checkpoint: what is left when all have gone?
// Started by hand: node --conditions=@kernelbox/source --import tsx bench/soak-contexts.ts [--runtime docker|local] [--contexts 2000]
import { parseArgs } from "node:util";
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { local } from "kernelbox/local";
import { descriptorsOf, memoryOf, processesWith } from "./host-processes.ts";
import { median } from "./statistics.ts";

const { values } = parseArgs({
  options: {
    runtime: { type: "string", default: "docker" },
    contexts: { type: "string", default: "2000" },
    users: { type: "string", default: "4" },
  },
});
const total = Number(values.contexts);
const mark = crypto.randomUUID();
const sandbox = await Sandbox.create({
  runtime: values.runtime === "local" ? local() : docker(),
  env: { SOAK: mark },
  timeoutMs: 120_000,
});

function report(when: string): void {
  // The template is the first of those that have its command line: what is forked from it keeps that.
  const processes = processesWith(mark).toSorted((a, b) => a.pid - b.pid);
  const boxd = processes.find(({ command }) => /^\S*node \S*boxd\.mjs/.test(command));
  const template = processes.find(({ command }) => command.includes("kernelbox_kernel.template"));
  const parts = [
    `${processes.length} processes in the box`,
    ...(boxd ? [`boxd ${memoryOf(boxd.pid).privateMb.toFixed(0)} MB, ${descriptorsOf(boxd.pid)} descriptors`] : []),
    ...(template ? [`template ${descriptorsOf(template.pid)} descriptors`] : []),
    `client ${(process.memoryUsage().heapUsed / 1e6).toFixed(0)} MB of heap, ${descriptorsOf("self")} descriptors`,
  ];
  console.log(`${when.padEnd(14)} ${parts.join("; ")}`);
}

const createMs: number[] = [];
let begun = 0;
let done = 0;

async function useContexts(): Promise<void> {
  while (begun < total) {
    begun += 1;
    const number = begun;
    const start = performance.now();
    const context = await sandbox.createCodeContext(number % 5 === 0 ? { env: { NUMBER: String(number) } } : {});
    createMs.push(performance.now() - start);
    const { text } = await context.runCode(`import pandas as pd\nx = ${number}\nint(pd.Series([x]).sum())`);
    if (text !== String(number)) throw new Error(`context ${number} said ${String(text)}`);
    if (number % 7 === 0) {
      const checkpoint = await context.checkpoint();
      await context.runCode("del x");
      await context.restore(checkpoint);
    }
    if (number % 3 === 0) {
      const fork = await context.fork();
      if ((await fork.runCode("x")).text !== String(number)) throw new Error(`the fork of ${number} has another x`);
      await fork.delete();
    }
    await context.delete();
    done += 1;
    if (done % Math.ceil(total / 10) === 0) report(`after ${done}`);
  }
}

try {
  // The template and the spare belong to the box, and are there before.
  await sandbox.runCode("1");
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  report("before");
  const start = performance.now();
  await Promise.all(Array.from({ length: Number(values.users) }, useContexts));
  const seconds = (performance.now() - start) / 1000;
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  globalThis.gc?.();
  report("at the end");
  console.log(`${done} contexts in ${seconds.toFixed(0)} s; made in ${median(createMs).toFixed(1)} ms (median)`);
} finally {
  await sandbox.stop();
}
console.log(`after the box: ${processesWith(mark).length} processes`);
