// Creates a sandbox, starts a cell that waits for a file, says which, and stays.
import { Sandbox } from "kernelbox";
import { runtimeByName } from "./runtime-by-name.ts";

const sandbox = await Sandbox.create({ runtime: runtimeByName(process.argv[2]), idleTimeoutMs: 60_000 });
const context = await sandbox.createCodeContext({ language: "python" });
const code = `import os, time
print('before', flush=True)
while not os.path.exists('go-on'): time.sleep(0.01)
print('after')
'survived'`;
let executionId = "";
await context.runCode(code, {
  onStart: (event) => {
    ({ executionId } = event);
  },
  onStdout: () => {
    process.stdout.write(`${JSON.stringify({ sandboxId: sandbox.id, contextId: context.id, executionId })}\n`);
  },
});
