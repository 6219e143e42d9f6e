// Variables, imports and functions stay from one run to the next.
import { Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  await sandbox.runCode("import math\nradius = 2");
  await sandbox.runCode("def area(r): return math.pi * r ** 2");
  const execution = await sandbox.runCode("round(area(radius), 2)");
  console.log(`the area is ${execution.text}`);
  console.log(`that was cell ${execution.executionCount}`);
} finally {
  await sandbox.stop();
}
