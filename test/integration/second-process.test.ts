import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { runProgram } from "../helpers/run-program.ts";
import { signal } from "../helpers/signal.ts";

describeOnEveryRuntime("a second process", (box) => {
  test("attaches to the running execution and gets its whole output", async () => {
    const context = await box.context();
    const started = signal<string>();
    const running = context.runCode(
      "import os, time\nfor i in range(100): print('early', i, flush=True)\nwhile not os.path.exists('second-go'): time.sleep(0.01)\nfor i in range(100): print('late', i, flush=True)\n'end'",
      { onStart: ({ executionId }) => started.reach(executionId) },
    );
    const program = runProgram("attach.ts", box.name, [box.sandbox.id, context.id, await started.reached]);
    box.defer(() => program.end());
    await program.said("attaching");
    await box.sandbox.writeFile("second-go", "");
    const own = (await running).toJSON();
    expect(JSON.parse(await program.lastLine())).toEqual(JSON.parse(JSON.stringify(own)));
  });

  test("that created the sandbox and was killed leaves it running, with its execution", async () => {
    const program = runProgram("create-and-run.ts", box.name, []);
    box.defer(() => program.end());
    const made = JSON.parse(await program.said("{"));
    await program.kill();
    const { Sandbox } = await import("kernelbox");
    const sandbox = await Sandbox.connect(made.sandboxId, { runtime: box.runtime });
    box.defer(() => sandbox.stop());
    const context = await sandbox.getCodeContext(made.contextId);
    await sandbox.writeFile("go-on", "");
    const execution = await context.attachExecution(made.executionId);
    expect(execution).toMatchObject({ status: "ok", text: "survived", logs: { stdout: ["before\n", "after\n"] } });
  });
});
