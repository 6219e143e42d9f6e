// Output arrives while the code runs: by callbacks, or as events.
import { Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const countDown = `
import time
for i in range(3, 0, -1):
    print(i, flush=True)
    time.sleep(0.3)
"lift-off"`;

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const start = Date.now();
  await sandbox.runCode(countDown, {
    onStdout: ({ text }) => console.log(`callback after ${Date.now() - start} ms: ${text.trim()}`),
    onResult: (result) => console.log(`callback result: ${result.text}`),
  });

  for await (const event of sandbox.streamCode(countDown)) {
    if (event.type === "stdout") console.log(`event: ${event.text.trim()}`);
    if (event.type === "result") console.log(`event result: ${event.result.text}`);
    if (event.type === "end") console.log(`ended: ${event.outcome.status}`);
  }
} finally {
  await sandbox.stop();
}
