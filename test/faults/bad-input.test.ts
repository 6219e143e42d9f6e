import { Sandbox } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

// Wrong arguments of single calls are in api/errors.test.ts, 200 MB and full disks in api/files.test.ts.
describeOnEveryRuntime("bad input", (box) => {
  describe("paths that leave the box", () => {
    test.each(["../../../../../../../../etc/shadow", "/proc/1/mem", "/../../etc/shadow"])(
      "%s gives nothing",
      async (path) => {
        await expect(box.sandbox.readFile(path)).rejects.toMatchObject({ name: "KernelboxError" });
      },
    );

    test.runIf(box.name === "local-unboxed")("a link out of the workdir is refused", async () => {
      await box.sandbox.exec("ln -sfn /etc link-out");
      await expect(box.sandbox.readFile("link-out/hostname")).rejects.toMatchObject({ code: "permission-denied" });
      await expect(box.sandbox.writeFile("link-out/kernelbox-test", "x")).rejects.toMatchObject({
        code: "permission-denied",
      });
    });

    test("a pipe that nobody writes does not hang the reader", async () => {
      await box.sandbox.exec("rm -f a-pipe; mkfifo a-pipe");
      await expect(box.sandbox.readFile("a-pipe", { signal: AbortSignal.timeout(10_000) })).rejects.toMatchObject({
        name: "KernelboxError",
      });
    });
  });

  describe("code", () => {
    test("of 5 MB runs", async () => {
      const { text } = await box.sandbox.runCode(`x = ${JSON.stringify("y".repeat(5_000_000))}\nlen(x)`);
      expect(text).toBe("5000000");
    });

    test("with a lone surrogate is refused or an error of the code, and the next run works", async () => {
      await box.sandbox
        .runCode("print('\uD800')")
        .catch((error: unknown) => expect(error).toMatchObject({ name: "KernelboxError" }));
      expect((await box.sandbox.runCode("1 + 1")).text).toBe("2");
    });

    test("with a zero byte is an error of the code", async () => {
      expect((await box.sandbox.runCode("x = '\0'\n1")).status).toMatch(/ok|error/);
    });
  });

  test("two programs write to one sandbox, and each gets its own output", async () => {
    const context = await box.context();
    const other = await Sandbox.connect(box.sandbox.id, { runtime: box.runtime });
    box.defer(() => other.disconnect());
    const theirs = await other.getCodeContext(context.id);
    const runs = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? context : theirs).runCode(`print(${index})`),
    );
    const executions = await Promise.all(runs);
    expect(executions.map(({ logs }) => logs.stdout)).toEqual(Array.from({ length: 20 }, (_, index) => [`${index}\n`]));
  });

  test("an execution id cannot be used up by another's cells: 200 runs at once all end", async () => {
    const executions = await Promise.all(Array.from({ length: 200 }, (_, index) => box.sandbox.runCode(String(index))));
    expect(new Set(executions.map(({ id }) => id)).size).toBe(200);
    expect(executions.map(({ text }) => text)).toEqual(Array.from({ length: 200 }, (_, index) => String(index)));
  });

  test("a comm that the code opens disturbs nothing", async () => {
    const { status, text } = await box.sandbox.runCode(
      "from comm import create_comm\nc = create_comm(target_name='unknown', data={'a': 1}); c.send({'b': 2}); c.close()\n'done'",
    );
    expect([status, text]).toEqual(["ok", "done"]);
  });

  test("code that writes into boxd's own channels' standard error disturbs nothing", async () => {
    const { status } = await box.sandbox.runCode("import os\nos.write(2, b'{\"ready\":true}\\n' * 100)");
    expect(status).toBe("ok");
    expect((await box.sandbox.runCode("1 + 1")).text).toBe("2");
  });
});
