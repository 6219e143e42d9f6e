// A time limit, an interrupt and an abort signal all stop the cell and keep the variables.
import { Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const context = await sandbox.createCodeContext({ language: "python" });
  await context.runCode("kept = 42");

  const slow = await context.runCode("print('working')\nwhile True: pass", { timeoutMs: 500 });
  console.log(`status: ${slow.status}; it printed ${JSON.stringify(slow.logs.stdout)}; ${slow.error?.message}`);

  const running = context.runCode("print('ready', flush=True)\nwhile True: pass", {
    onStdout: async () => {
      await context.interrupt();
    },
  });
  console.log(`status: ${(await running).status}`);

  const signal = AbortSignal.timeout(500);
  try {
    await context.runCode("while True: pass", { signal });
  } catch (error) {
    console.log(`rejected: ${error instanceof Error ? error.name : String(error)}`);
  }

  console.log(`kept is still ${(await context.runCode("kept")).text}`);
} finally {
  await sandbox.stop();
}
