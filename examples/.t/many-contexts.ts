// Contexts of one sandbox share files, not variables, and run side by side. Calls to one context queue.
import { Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  const names = ["ada", "grace", "edsger"];
  const contexts = await Promise.all(
    names.map((name) => sandbox.createCodeContext({ language: "python", env: { WHO: name } })),
  );
  await Promise.all(contexts.map((context) => context.runCode("import os, time\nme = os.environ['WHO']")));

  const start = Date.now();
  const executions = await Promise.all(contexts.map((context) => context.runCode("time.sleep(1)\nme")));
  console.log(executions.map(({ text }) => text).join(", "));
  console.log(`three seconds of sleep took ${Date.now() - start < 2500 ? "less" : "more"} than 2.5 s`);

  for (const row of await sandbox.listCodeContexts()) console.log(`${row.language} ${row.status}`);
} finally {
  await sandbox.stop();
}
