import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

describeOnEveryRuntime("a kernel that dies", (box) => {
  test.each([
    ["exits", "import os; print('last', flush=True); os._exit(3)", /3/],
    [
      "is killed",
      "import os, signal; print('last', flush=True); os.kill(os.getpid(), signal.SIGKILL)",
      /SIGKILL|killed|signal 9/i,
    ],
    [
      "crashes",
      "import ctypes, time; print('last', flush=True); time.sleep(0.1); ctypes.string_at(0)",
      /SIGSEGV|segmentation|signal 11/i,
    ],
  ])("and %s is data with the cause, and keeps what was printed", async (_, code, cause) => {
    const context = await box.context();
    const execution = await context.runCode(code);
    expect(execution).toMatchObject({ status: "kernel-died", contextState: "lost", error: { name: "KernelDied" } });
    expect(execution.error?.message).toMatch(cause);
    expect(execution.logs.stdout.join("")).toContain("last\n");
    const next = await context.runCode("1 + 1");
    expect([next.text, next.contextId]).toEqual(["2", context.id]);
  });

  test("the exit code is a property", async () => {
    const context = await box.context();
    expect((await context.runCode("import os; os._exit(3)")).exitCode).toBe(3);
  });

  test("while it is idle is noticed by the next run, which works", async () => {
    const context = await box.context();
    const { text: pid } = await context.runCode("import os; os.getpid()");
    await box.sandbox.exec(`kill -9 ${pid}`);
    const next = await context.runCode("1 + 1");
    expect([next.status, next.text]).toEqual(["ok", "2"]);
  });

  test("keeps its environment and directory for the next run", async () => {
    await box.sandbox.mkdir("death-cwd");
    const context = await box.context({ cwd: "death-cwd", env: { OWN: "kept" } });
    await context.runCode("import os; os._exit(1)");
    expect((await context.runCode("import os; (os.path.basename(os.getcwd()), os.environ['OWN'])")).text).toBe(
      "('death-cwd', 'kept')",
    );
  });

  test("does not touch another context", async () => {
    const [first, second] = [await box.context(), await box.context()];
    await second.runCode("x = 41");
    await first.runCode("import os; os._exit(1)");
    expect((await second.runCode("x + 1")).text).toBe("42");
  });

  test("five times in a row works the sixth time", async () => {
    const context = await box.context();
    for (let round = 0; round < 5; round += 1) {
      expect((await context.runCode("import os; os._exit(1)")).status).toBe("kernel-died");
    }
    expect((await context.runCode("'alive'")).text).toBe("alive");
  });

  test("takes the children that it left with it", async () => {
    const context = await box.context();
    await context.runCode("import subprocess; child = subprocess.Popen(['sleep', '64.5'])");
    await context.delete();
    await expect
      .poll(
        async () =>
          (await box.sandbox.exec("grep -lz '64[.]5' /proc/[0-9]*/cmdline 2>/dev/null | wc -l")).stdout.trim(),
        { timeout: 10_000 },
      )
      .toBe("0");
  });

  describe.runIf(box.runtime.capabilities.memory)("of memory", () => {
    test("is kernel-died with that cause while the box lives, which later goes idle", async () => {
      const sandbox = await box.create({ memoryMiB: 300, diskMiB: 32, idleTimeoutMs: 4000 });
      const execution = await sandbox.runCode(
        "print('last', flush=True)\nx = []\nwhile True: x.append(bytearray(10 << 20))",
      );
      expect(execution).toMatchObject({ status: "kernel-died", contextState: "lost", logs: { stdout: ["last\n"] } });
      expect(execution.error?.message).toMatch(/memory/i);
      expect((await sandbox.runCode("1 + 1")).text).toBe("2");
      expect(await sandbox.exited).toMatchObject({ reason: "idle" });
    });
  });

  test("that was killed and not short of memory is not told so", async () => {
    const context = await box.context();
    const execution = await context.runCode("import os; os.kill(os.getpid(), 9)");
    expect(execution).toMatchObject({ status: "kernel-died", error: { name: "KernelDied" } });
    expect(execution.error?.message).not.toMatch(/out of memory/i);
  });
});

describeOnEveryRuntime("a kernel that behaves badly", (box) => {
  test("prints binary: what is no UTF-8 is replaced, the rest arrives", async () => {
    const context = await box.context();
    const { logs, status } = await context.runCode(
      "import subprocess\nsubprocess.run(['printf', 'a\\\\377\\\\376b\\\\000c\\\\n'], check=True)\nprint('after')",
    );
    expect(status).toBe("ok");
    expect(logs.stdout.join("")).toMatch(/^a.+b.?c\nafter\n$/su);
  });

  test("prints 50 MB on one line: bounded, counted, and the next run works", async () => {
    const context = await box.context();
    const { logs, truncated, status } = await context.runCode("print('x' * 50_000_000, end='')");
    expect(status).toBe("ok");
    expect(logs.stdout.join("").length + (truncated?.omittedBytes ?? 0)).toBe(50_000_000);
    expect((await context.runCode("1 + 1")).text).toBe("2");
  });

  test("prints 50 MB on one line with the limit raised: every byte", { timeout: 120_000 }, async () => {
    const context = await box.context();
    const { logs, truncated } = await context.runCode("print('x' * 50_000_000, end='')", {
      maxOutputBytes: { text: 60_000_000, rich: 1000 },
    });
    expect([logs.stdout.join("").length, truncated]).toEqual([50_000_000, undefined]);
  });

  test("forks children that print: all arrives, and ends with the parent", async () => {
    const context = await box.context();
    const execution = await context.runCode(
      "import os, sys\nfor i in range(5):\n    pid = os.fork()\n    if pid == 0:\n        os.write(1, f'child {i}\\n'.encode())\n        os._exit(0)\n    os.waitpid(pid, 0)\n'parent'",
    );
    expect(execution.text).toBe("parent");
    expect(execution.logs.stdout.join("")).toMatch(/child 0[\s\S]*child 4/);
  });

  test("forks with multiprocessing", async () => {
    const context = await box.context();
    const { text, error } = await context.runCode(
      "import multiprocessing\ndef double(x): return x * 2\nwith multiprocessing.get_context('fork').Pool(2) as pool: result = pool.map(double, range(5))\nresult",
    );
    expect(error).toBeUndefined();
    expect(text).toBe("[0, 2, 4, 6, 8]");
  });

  test("closes its own stdout and stderr: later runs work", async () => {
    const context = await box.context();
    await context.runCode("import os\nos.close(1); os.close(2)");
    const { text } = await context.runCode("6 * 7");
    expect(text).toBe("42");
  });

  test("closes sys.stdout: the error is data and the context can be restarted", async () => {
    const context = await box.context();
    await context.runCode("import sys; sys.stdout.close()");
    await context.runCode("print('lost?')");
    await context.restart();
    expect((await context.runCode("print('again')")).logs.stdout).toEqual(["again\n"]);
  });

  test("imitates boxd's variables in its environment and changes nothing of the box", async () => {
    const context = await box.context();
    await context.runCode("import os\nos.environ.clear()");
    expect((await context.runCode("6 * 7")).text).toBe("42");
  });
});
