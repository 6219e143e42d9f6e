// Creates a sandbox with an idle time, starts a cell without a time limit and a command in it, says so, and stays.
import { Sandbox } from "kernelbox";
import { runtimeByName } from "./runtime-by-name.ts";

const [runtimeName, idleTimeoutMs = "1000"] = process.argv.slice(2);
const sandbox = await Sandbox.create({ runtime: runtimeByName(runtimeName), idleTimeoutMs: Number(idleTimeoutMs) });
await sandbox.exec("setsid sleep 987 > /dev/null 2>&1 &");
await sandbox.runCode(
  "import subprocess, time\nchild = subprocess.Popen(['sleep', '988'])\nprint('began', flush=True)\nwhile True: time.sleep(0.05)",
  {
    timeoutMs: 0,
    onStdout: () => {
      process.stdout.write(`${JSON.stringify({ sandboxId: sandbox.id })}\n`);
    },
  },
);
