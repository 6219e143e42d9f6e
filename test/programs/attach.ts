// Connects to a sandbox of another process, attaches to its running execution and writes that as JSON.
import { Sandbox } from "kernelbox";
import { runtimeByName } from "./runtime-by-name.ts";

const [runtimeName, sandboxId = "", contextId = "", executionId = ""] = process.argv.slice(2);
const sandbox = await Sandbox.connect(sandboxId, { runtime: runtimeByName(runtimeName) });
const context = await sandbox.getCodeContext(contextId);
process.stdout.write("attaching\n");
const execution = await context.attachExecution(executionId);
process.stdout.write(`${JSON.stringify(execution)}\n`);
await sandbox.disconnect();
