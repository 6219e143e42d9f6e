import { Sandbox, getSandbox } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { killBoxd } from "../helpers/kill-boxd.ts";
import { endlessLoop } from "../helpers/python.ts";

describeOnEveryRuntime("a sandbox", (box) => {
  const { runtime } = box;

  async function named(name: string, options: Parameters<typeof getSandbox>[1] = {}): Promise<Sandbox> {
    const sandbox = await getSandbox(name, { ...options, runtime });
    box.defer(() => sandbox.stop());
    return sandbox;
  }
  async function connect(id: string): Promise<Sandbox> {
    const sandbox = await Sandbox.connect(id, { runtime });
    box.defer(() => sandbox.disconnect());
    return sandbox;
  }
  function freshName(): string {
    return `test-${crypto.randomUUID().slice(0, 13)}`;
  }

  describe("by name", () => {
    test("the living sandbox of a name is found again with its variables", async () => {
      const name = freshName();
      const first = await named(name);
      await first.runCode("x = 41");
      const second = await named(name);
      expect([second.id, second.name]).toEqual([first.id, name]);
      expect((await second.runCode("x + 1")).text).toBe("42");
    });

    test("two at once get the same sandbox", async () => {
      const name = freshName();
      const [first, second] = await Promise.all([named(name), named(name)]);
      expect(second.id).toBe(first.id);
    });

    test("other options for a living name are a conflict", async () => {
      const name = freshName();
      await named(name, { env: { A: "1" } });
      await expect(named(name, { env: { A: "2" } })).rejects.toMatchObject({ code: "sandbox-options-conflict" });
    });

    test("a name whose sandbox ended gets a new one", async () => {
      const name = freshName();
      const first = await named(name);
      await first.stop();
      expect((await named(name)).id).not.toBe(first.id);
    });

    test.each(["", "Upper", "-first", "a_b", "a".repeat(64), "../x"])("the name %j is invalid", async (name) => {
      await expect(named(name)).rejects.toMatchObject({ code: "invalid-argument" });
    });

    test("a sandbox that was not named has no name", () => {
      expect(box.sandbox.name).toBeUndefined();
    });
  });

  describe("connect", () => {
    test("contexts and variables are there", async () => {
      const context = await box.context();
      await context.runCode("x = 41");
      const again = await connect(box.sandbox.id);
      expect((await again.runCode("x + 1", { context: context.id })).text).toBe("42");
    });

    test("limits and workdir are the same", async () => {
      const again = await connect(box.sandbox.id);
      expect([again.limits, again.workdir, again.id]).toEqual([
        box.sandbox.limits,
        box.sandbox.workdir,
        box.sandbox.id,
      ]);
    });

    test("the default time limit is the one that the sandbox was created with", async () => {
      const sandbox = await box.create({ timeoutMs: 300 });
      expect((await (await connect(sandbox.id)).runCode(endlessLoop)).status).toBe("timed-out");
    });

    test.each([crypto.randomUUID(), "no-such-sandbox"])("an unknown id (%s) never creates", async (id) => {
      await expect(connect(id)).rejects.toMatchObject({ code: "sandbox-not-found" });
    });

    test("two programs use one sandbox side by side", async () => {
      const again = await connect(box.sandbox.id);
      const executions = await Promise.all(
        Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? box.sandbox : again).runCode(`${index} * 2`)),
      );
      expect(executions.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, index) => String(index * 2)));
    });
  });

  describe("list and stop by id", () => {
    test("living sandboxes are listed by label", async () => {
      const labels = { tenant: crypto.randomUUID() };
      const sandbox = await box.create({ labels: { ...labels, more: "x" } });
      const rows = await Sandbox.list({ runtime, labels });
      expect(rows).toEqual([expect.objectContaining({ id: sandbox.id, labels: { ...labels, more: "x" } })]);
      expect(await Sandbox.list({ runtime, labels: { tenant: "another" } })).toEqual([]);
    });

    test("without labels the list has all", async () => {
      expect((await Sandbox.list({ runtime })).map(({ id }) => id)).toContain(box.sandbox.id);
    });

    test("stop by id ends the sandbox for everybody", async () => {
      const sandbox = await box.create();
      await Sandbox.stop(sandbox.id, { runtime });
      expect(await sandbox.exited).toMatchObject({ reason: "stopped" });
    });
  });

  describe("its end", () => {
    test("stop ends everything in it and can be called again", async () => {
      const sandbox = await box.create();
      await Promise.all([sandbox.stop(), sandbox.stop()]);
      await sandbox.stop();
      expect(await sandbox.exited).toMatchObject({ reason: "stopped" });
      expect((await Sandbox.list({ runtime })).map(({ id }) => id)).not.toContain(sandbox.id);
    });

    test("calls after the end are box-exited", async () => {
      const sandbox = await box.create();
      await sandbox.stop();
      await expect(sandbox.runCode("1")).rejects.toMatchObject({ code: "box-exited" });
      await expect(sandbox.readFile("x")).rejects.toMatchObject({ code: "box-exited" });
    });

    test("a run that goes on while the sandbox is stopped rejects with box-exited", async () => {
      const sandbox = await box.create();
      await expect(sandbox.runCode(endlessLoop, { onStart: () => void sandbox.stop() })).rejects.toMatchObject({
        code: "box-exited",
      });
    });

    test("a sandbox whose boxd is killed has crashed", async () => {
      const sandbox = await box.create();
      await killBoxd(sandbox.id);
      expect(await sandbox.exited).toMatchObject({ reason: "crashed" });
      await expect(sandbox.runCode("1")).rejects.toMatchObject({ code: "box-exited" });
    });

    test("a sandbox without calls ends as idle", async () => {
      const sandbox = await box.create({ idleTimeoutMs: 700 });
      expect(await sandbox.exited).toMatchObject({ reason: "idle" });
    });

    test("a run keeps the sandbox from being idle", async () => {
      const sandbox = await box.create({ idleTimeoutMs: 700 });
      expect((await sandbox.runCode("import time; time.sleep(2); 'awake'")).text).toBe("awake");
    });

    test("a command keeps the sandbox from being idle", async () => {
      const sandbox = await box.create({ idleTimeoutMs: 700 });
      expect((await sandbox.exec("sleep 2; echo awake")).stdout).toBe("awake\n");
    });

    test("maxLifetimeMs is a hard end, also for a busy sandbox", async () => {
      const sandbox = await box.create({ maxLifetimeMs: 3000 });
      const running = sandbox.runCode(endlessLoop, { timeoutMs: 0 }).catch((error: unknown) => error);
      expect(await sandbox.exited).toMatchObject({ reason: "lifetime" });
      expect(await running).toMatchObject({ code: "box-exited" });
    });

    test("disconnect lets the box live on", async () => {
      const sandbox = await box.create();
      await sandbox.runCode("x = 41");
      await sandbox.disconnect();
      await sandbox.disconnect();
      await expect(sandbox.runCode("x")).rejects.toMatchObject({ name: "KernelboxError" });
      const again = await connect(sandbox.id);
      expect((await again.runCode("x + 1")).text).toBe("42");
      await again.stop();
    });

    test("disposing a created sandbox stops it", async () => {
      const sandbox = await box.create();
      await sandbox[Symbol.asyncDispose]();
      expect(await sandbox.exited).toMatchObject({ reason: "stopped" });
    });

    test("disposing one that came from connect or getSandbox disconnects", async () => {
      const name = freshName();
      const first = await named(name);
      await first[Symbol.asyncDispose]();
      const second = await connect(first.id);
      await second[Symbol.asyncDispose]();
      expect((await named(name)).id).toBe(first.id);
    });
  });
});
