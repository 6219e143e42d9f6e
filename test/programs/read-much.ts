// Runs a cell that prints much, and writes how much of it came.
import { Sandbox } from "kernelbox";
import { runtimeByName } from "./runtime-by-name.ts";

const [runtimeName, sandboxId = "", contextId = ""] = process.argv.slice(2);
const sandbox = await Sandbox.connect(sandboxId, { runtime: runtimeByName(runtimeName) });
const context = await sandbox.getCodeContext(contextId);
const execution = await context.runCode("for i in range(50_000): print(i, 'x' * 80, flush=True)", {
  maxOutputBytes: { text: 64 << 20, rich: 1 << 20 },
  onStart: () => void process.stdout.write("reading\n"),
});
const lines = execution.logs.stdout;
const isWhole = lines.length === 50_000 && lines.every((line, index) => line.startsWith(`${index} `));
process.stdout.write(`${JSON.stringify({ status: execution.status, isWhole })}\n`);
await sandbox.disconnect();
