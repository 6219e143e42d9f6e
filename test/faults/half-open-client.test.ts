import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { runProgram } from "../helpers/run-program.ts";

describeOnEveryRuntime("a client that is there and does nothing", (box) => {
  test(
    "slows nobody: its kernel finishes, others work, and it goes on with everything when it wakes",
    { timeout: 120_000 },
    async () => {
      const context = await box.context();
      const program = runProgram("read-much.ts", box.name, [box.sandbox.id, context.id]);
      box.defer(() => program.end());
      await program.said("reading");
      program.process.kill("SIGSTOP");
      await expect
        .poll(async () => (await context.listExecutions()).at(-1)?.state, { timeout: 60_000, interval: 100 })
        .toBe("ended");
      expect((await context.runCode("1 + 1")).text).toBe("2");
      expect((await box.sandbox.exec("echo works")).stdout).toBe("works\n");
      program.process.kill("SIGCONT");
      expect(JSON.parse(await program.lastLine())).toEqual({ status: "ok", isWhole: true });
    },
  );

  test("a killed client leaves no relay behind", async () => {
    // Only tunnels by exec have one.
    const program = runProgram("create-and-run.ts", box.isContainer ? "docker-exec" : box.name, []);
    box.defer(() => program.end());
    const { sandboxId } = JSON.parse(await program.said("{"));
    const { Sandbox } = await import("kernelbox");
    const sandbox = await Sandbox.connect(sandboxId, { runtime: box.runtime });
    box.defer(() => sandbox.stop());
    const relays = async (): Promise<number> =>
      Number((await sandbox.exec("cat /proc/[0-9]*/comm 2>/dev/null | grep -c '^socat$'")).stdout);
    // The other one is ours.
    expect(await relays()).toBe(box.isContainer ? 2 : 0);
    await program.kill();
    await expect.poll(relays, { timeout: 15_000 }).toBe(box.isContainer ? 1 : 0);
  });
});
