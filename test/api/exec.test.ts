import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

describeOnEveryRuntime("exec", (box) => {
  const exec = (...call: Parameters<typeof box.sandbox.exec>): ReturnType<typeof box.sandbox.exec> =>
    box.sandbox.exec(...call);

  test("a string runs in bash", async () => {
    const done = await exec("for i in {1..3}; do echo $i; done; echo err >&2");
    expect(done).toMatchObject({ exitCode: 0, success: true, stdout: "1\n2\n3\n", stderr: "err\n" });
  });

  test("an array runs without a shell", async () => {
    expect((await exec(["printf", "%s|", "a b", "$HOME", "it's"])).stdout).toBe("a b|$HOME|it's|");
  });

  test("commands and cells see nothing that is set for boxd alone", async () => {
    const { stdout } = await exec("env");
    const { logs } = await box.sandbox.runCode("import os; print(*os.environ)");
    expect(`${stdout}${logs.stdout.join("")}`).not.toMatch(/MALLOC_|KERNELBOX_BOXD\b/);
  });

  test("a non-zero exit is data", async () => {
    expect(await exec("echo out; exit 3")).toMatchObject({
      exitCode: 3,
      success: false,
      status: "exited",
      stdout: "out\n",
    });
  });

  test("a command that does not exist is data in a shell", async () => {
    expect(await exec("no-such-command")).toMatchObject({ exitCode: 127, success: false });
  });

  test("a program that does not exist is an error without a shell", async () => {
    await expect(exec(["no-such-command"])).rejects.toMatchObject({
      name: "KernelboxError",
      message: expect.stringContaining("no-such-command"),
    });
  });

  test("cwd and env are for this command", async () => {
    await box.sandbox.mkdir("exec-cwd");
    const { stdout } = await exec('basename "$PWD"; printf %s "$OWN"', {
      cwd: "exec-cwd",
      env: { OWN: "a 'b' \"c\"" },
    });
    expect(stdout).toBe("exec-cwd\na 'b' \"c\"");
  });

  test("stdin is all of stdin; without it there is none", async () => {
    expect((await exec("cat", { stdin: "ünï\nx" })).stdout).toBe("ünï\nx");
    expect((await exec("wc -c", { stdin: new Uint8Array([0, 255, 10]) })).stdout.trim()).toBe("3");
    expect((await exec("cat")).stdout).toBe("");
  });

  test("a time limit kills the command and what it started, and is data", async () => {
    const done = await exec("echo before; sleep 61.5 & wait", { timeoutMs: 500 });
    expect(done).toMatchObject({ status: "timed-out", success: false, stdout: "before\n" });
    expect(
      (
        await exec("pgrep -f 'sleep 61[.]5' || grep -lz 'sleep.61[.]5' /proc/[0-9]*/cmdline 2>/dev/null | wc -l")
      ).stdout.trim(),
    ).toMatch(/^0?$/);
  });

  test("there is no default time limit from timeoutMs of the sandbox", async () => {
    const sandbox = await box.create({ timeoutMs: 300 });
    expect((await sandbox.exec("sleep 1; echo done")).stdout).toBe("done\n");
  });

  test("output streams to callbacks while the command runs", async () => {
    const seen: string[] = [];
    await exec("echo ready; while [ ! -e exec-go ]; do sleep 0.02; done; echo went; echo err >&2", {
      onStdout: async ({ text }) => {
        seen.push(text);
        await box.sandbox.writeFile("exec-go", "");
      },
      onStderr: ({ text }) => void seen.push(`stderr ${text}`),
    });
    expect(seen.toSorted()).toEqual(["ready\n", "stderr err\n", "went\n"]);
  });

  test("an abort kills the command and rejects", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    const running = exec("echo $$; exec sleep 62.5", { signal: abort.signal, onStdout: () => abort.abort(reason) });
    await expect(running).rejects.toMatchObject({ name: "AbortError", cause: reason });
    await expect
      .poll(async () => (await exec("grep -lz '62[.]5' /proc/[0-9]*/cmdline 2>/dev/null | wc -l")).stdout.trim(), {
        timeout: 10_000,
      })
      .toBe("0");
  });

  test("a callback that throws kills the command and rejects unchanged", async () => {
    const own = new Error("mine");
    const running = exec("echo x; sleep 60", {
      onStdout: () => {
        throw own;
      },
    });
    await expect(running).rejects.toBe(own);
  });

  test("usage tells wall and processor time", async () => {
    const { usage } = await exec("sleep 0.3");
    expect(usage?.wallMs).toBeGreaterThan(290);
  });

  test("a megabyte of multi-byte output survives", async () => {
    const { stdout } = await exec(["python3", "-c", "print('é😀' * 200_000, end='')"]).catch(() =>
      exec("yes é😀 | head -c 1400000"),
    );
    expect(stdout).not.toContain("\uFFFD");
    expect(Buffer.byteLength(stdout)).toBeGreaterThan(1_000_000);
  });

  test("much output is bounded, and says how much was dropped", async () => {
    const done = await exec("head -c 50000000 /dev/zero | tr '\\0' x");
    expect(done.stdout.length + (done.truncated?.omittedBytes ?? 0)).toBe(50_000_000);
    expect(done.stdout.length).toBeLessThan(50_000_000);
  });

  test("a background child does not hold up the end for ever", async () => {
    const done = await exec("sleep 63.5 & echo started");
    expect(done).toMatchObject({ exitCode: 0, stdout: "started\n" });
  }, 20_000);

  describe("bad input", () => {
    test.each([
      ["an empty array", []],
      ["a negative timeoutMs", "true"],
    ])("%s is an invalid argument", async (name, command) => {
      const options = name.includes("timeoutMs") ? { timeoutMs: -1 } : {};
      await expect(exec(command, options)).rejects.toMatchObject({ code: "invalid-argument" });
    });

    test("a cwd that does not exist is file-not-found", async () => {
      await expect(exec("true", { cwd: "no-such-directory" })).rejects.toMatchObject({ code: "file-not-found" });
    });
  });
});
