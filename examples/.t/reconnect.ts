// A sandbox outlives the process that made it: this one starts a run, and another process reads it from its first line.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const runtime = exampleRuntime();
const [, , id, contextId, executionId] = process.argv;

if (id === undefined || contextId === undefined || executionId === undefined) {
  const sandbox = await Sandbox.create({ runtime });
  try {
    const context = await sandbox.createCodeContext({ language: "python" });
    await context.runCode("secret = 42");
    let started: (executionId: string) => void = () => undefined;
    const hasStarted = new Promise<string>((resolve) => (started = resolve));
    const code = "import time\nfor i in range(5): print(i, flush=True); time.sleep(0.4)";
    const running = context.runCode(code, { onStart: (event) => started(event.executionId) });
    const args = [...process.execArgv, fileURLToPath(import.meta.url), sandbox.id, context.id, await hasStarted];
    const other = await promisify(execFile)(process.execPath, args);
    process.stdout.write(other.stdout);
    await running;
  } finally {
    await sandbox.stop();
  }
} else {
  const sandbox = await Sandbox.connect(id, { runtime });
  const context = await sandbox.getCodeContext(contextId);
  const execution = await context.attachExecution(executionId);
  console.log(`another process read ${JSON.stringify(execution.logs.stdout.join(""))}`);
  console.log(`and found secret = ${(await context.runCode("secret")).text}`);
  await sandbox.disconnect();
}
