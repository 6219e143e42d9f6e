// Sandboxes through a pool, one after the other and a few at once: what is left when all have gone? Started by hand:
// node --conditions=@kernelbox/source --import tsx bench/soak-pool.ts [--runtime docker|local] [--sandboxes 100]
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { type Runtime, Sandbox, SandboxPool } from "kernelbox";
import { docker } from "kernelbox/docker";
import { local } from "kernelbox/local";
import { descriptorsOf, processesWith } from "./host-processes.ts";
import { median } from "./statistics.ts";

const { values } = parseArgs({
  options: {
    runtime: { type: "string", default: "docker" },
    sandboxes: { type: "string", default: "100" },
    users: { type: "string", default: "4" },
  },
});
const total = Number(values.sandboxes);
const label = { soak: crypto.randomUUID() };
const runtime = runtimeOf(values.runtime);

/** What a leak would show in. The processes are those of the boxes, wherever they run on this machine. */
async function report(when: string): Promise<void> {
  const memoryMiB = Math.round(process.memoryUsage.rss() / 1_048_576);
  const heapMiB = Math.round(process.memoryUsage().heapUsed / 1_048_576);
  const descriptors = descriptorsOf("self");
  const rows = await Sandbox.list({ runtime, labels: label });
  const containers = values.runtime === "docker" ? containersLeft() : "-";
  console.log(
    `${when.padEnd(22)} ${memoryMiB} MiB (heap ${heapMiB}), ${descriptors} descriptors, ${processesWith(label.soak).length} processes of boxes, ${rows.length} sandboxes, containers ${containers}`,
  );
}

function runtimeOf(name: string): Runtime {
  if (name === "docker") return docker();
  if (name === "local") return local();
  throw new Error(`unknown runtime ${JSON.stringify(name)}; use docker or local`);
}

function containersLeft(): number {
  const ids = execFileSync("docker", ["ps", "--all", "--quiet", "--no-trunc", "--filter", "label=kernelbox.id"]);
  const mine = ids.toString().split("\n").filter(Boolean);
  return mine.filter((id) => labelsOf(id).includes(label.soak)).length;
}

function labelsOf(id: string): string {
  try {
    return execFileSync("docker", ["inspect", "--format", "{{json .Config.Labels}}", id], { stdio: "pipe" }).toString();
  } catch {
    return ""; // gone meanwhile
  }
}

await report("before");
const pool = await SandboxPool.create({
  size: 3,
  warm: ["python"],
  sandbox: { runtime, labels: label, env: { SOAK: label.soak }, network: "none" },
});
const acquireMs: number[] = [];
const ids = new Set<string>();
let started = 0;

async function useSandboxes(): Promise<void> {
  while (started < total) {
    started += 1;
    const number = started;
    const start = performance.now();
    const sandbox = await pool.acquire({ files: { "number.txt": String(number) } });
    acquireMs.push(performance.now() - start);
    try {
      const { text } = await sandbox.runCode("int(open('number.txt').read()) + 1");
      if (text !== String(number + 1)) throw new Error(`sandbox ${number} said ${String(text)}`);
      ids.add(sandbox.id);
      if (ids.size % Math.ceil(total / 4) === 0) await report(`after ${ids.size}`);
    } finally {
      await sandbox.stop();
    }
  }
}

await report("pool is full");
const start = performance.now();
await Promise.all(Array.from({ length: Number(values.users) }, useSandboxes));
const seconds = (performance.now() - start) / 1000;
await pool.close();
globalThis.gc?.();
await report("pool is closed");
console.log(`${ids.size} different sandboxes in ${seconds.toFixed(1)} s, ${(ids.size / seconds).toFixed(1)} a second`);
console.log(`acquire p50 ${median(acquireMs).toFixed(1)} ms, longest ${Math.max(...acquireMs).toFixed(0)} ms`);
