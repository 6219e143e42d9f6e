// A checkpoint keeps the variables as they are; restore goes back to it. undoOnError does both for one run.
import { Sandbox } from "kernelbox";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const context = await sandbox.createCodeContext();
  await context.runCode("orders = {'ada': 3, 'grace': 5}");

  const before = await context.checkpoint({ label: "orders loaded" });
  await context.runCode("del orders"); // an agent that was too eager
  await context.restore(before);
  console.log(`restored: ${(await context.runCode("orders")).text}`);

  const crash = await context.runCode("orders.clear(); import os; os.abort()", { undoOnError: true });
  console.log(`${crash.status}, undone: ${crash.isUndone}`);
  console.log(`still there: ${(await context.runCode("orders")).text}`);

  for (const { label, executionCount } of await context.listCheckpoints())
    console.log(`${label}, after [${executionCount}]`);
} finally {
  await sandbox.stop();
}
