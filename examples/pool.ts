// A pool makes sandboxes before they are asked for: each visitor gets one of their own at once, with Python running.
import { SandboxPool, getSandbox } from "kernelbox";
import { exampleRuntime } from "./runtime.ts";

const pool = await SandboxPool.create({ size: 2, warm: ["python"], sandbox: { runtime: exampleRuntime() } });
try {
  const visitors = ["ada", "grace", "edsger"];
  // Two are ready; the third visitor waits for one that is being made.
  await Promise.all(
    visitors.map(async (visitor) => {
      const sandbox = await pool.acquire({ files: { "visitor.txt": visitor } });
      try {
        const { text } = await sandbox.runCode("open('visitor.txt').read().title()");
        console.log(`hello ${text}`);
      } finally {
        await sandbox.stop(); // it is the visitor's own: it never goes back
      }
    }),
  );

  // By name: taken from the pool the first time, found again after that.
  const name = `visitor-${crypto.randomUUID().slice(0, 8)}`;
  const first = await getSandbox(name, { pool });
  const again = await getSandbox(name, { pool });
  console.log(`the same sandbox: ${first.id === again.id}`);
  await again.stop();
} finally {
  await pool.close(); // stops what nobody took
}
console.log(`left in the pool: ${pool.status().ready}`);
