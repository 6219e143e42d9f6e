import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { signal } from "../helpers/signal.ts";

const megabyte = 1_000_000;
const maxOutputBytes = { text: 1000 * megabyte, rich: 0 };
const printing = (megabytes: number): string =>
  `import sys\nfor i in range(${megabytes} * 10): sys.stdout.write(str(i).ljust(99_999) + '\\n'); sys.stdout.flush()`;

/** A client gets all of the output or is told that it does not: never silently less. */
describeOnEveryRuntime("more output than the journal holds", (box) => {
  test("reaches a client that reads, whole and in order", { timeout: 120_000 }, async () => {
    const context = await box.context();
    let [pieces, bytes, next] = [0, 0, 0];
    let rest = "";
    const { status, truncated } = await context.runCode(printing(120), {
      maxOutputBytes,
      onStdout: ({ text }) => {
        pieces += 1;
        bytes += text.length;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) if (Number(line) === next) next += 1;
      },
    });
    expect([status, truncated, bytes, next]).toEqual(["ok", undefined, 120 * megabyte, 1200]);
    expect(pieces).toBeGreaterThan(1);
  });

  test("is a journal-gap for a client that does not, and the context works on", { timeout: 180_000 }, async () => {
    const context = await box.context();
    const mayRead = signal();
    const running = context.runCode(printing(300), { maxOutputBytes, onStdout: () => mayRead.reached });
    const outcome = running.catch((error: unknown) => error);
    // That the kernel has written all does not say that boxd has it.
    const states = async (): Promise<readonly string[]> => (await context.listExecutions()).map(({ state }) => state);
    await expect.poll(states, { timeout: 120_000 }).toEqual(["ended"]);
    mayRead.reach();
    expect(await outcome).toMatchObject({ code: "journal-gap", message: expect.stringContaining(context.id) });
    expect((await context.runCode("print('again')\n6 * 7")).text).toBe("42");
  });

  describe.runIf(box.runtime.capabilities.disk)("where the disk is full", () => {
    test("what has left the memory is a journal-gap, never less in silence, and the box works on", async () => {
      const sandbox = await box.create({ diskMiB: 32 });
      const context = await sandbox.defaultCodeContext();
      const full = await sandbox.exec("head -c 100M /dev/zero > /tmp/fill; head -c 100M /dev/zero > /workspace/fill");
      expect(full.stderr).toContain("No space left on device");
      const mayRead = signal();
      const run = (megabytes: number): Promise<unknown> =>
        sandbox
          .runCode(printing(megabytes), {
            maxOutputBytes,
            onStdout: () => mayRead.reached,
          })
          .catch((error: unknown) => error);
      const ended = async (): Promise<boolean> =>
        (await context.listExecutions()).filter(({ state }) => state === "ended").length === 2;
      const [within, beyond] = [run(20), run(100)];
      await expect.poll(ended, { timeout: 60_000 }).toBe(true);
      mayRead.reach();
      const outcomes = await Promise.all([within, beyond]);
      expect(outcomes).toEqual([
        expect.objectContaining({ code: "journal-gap" }),
        expect.objectContaining({ code: "journal-gap" }),
      ]);
      expect((await sandbox.runCode("6 * 7")).text).toBe("42");
      expect((await sandbox.runCode("print('x' * 5_000_000, end='')")).logs.stdout.join("").length).toBe(5_000_000);
      await expect(sandbox.writeFile("more", new Uint8Array(1 << 20))).rejects.toMatchObject({ code: "no-space" });
    });

    test("a new context is refused as no-space, and is made once there is room", async () => {
      // A spare needs no room any more.
      const sandbox = await box.create({ diskMiB: 32, kernels: { spares: 0 } });
      await sandbox.exec("head -c 100M /dev/zero > /tmp/fill");
      await expect(sandbox.createCodeContext()).rejects.toMatchObject({ code: "no-space" });
      await sandbox.exec("rm /tmp/fill");
      expect((await sandbox.runCode("6 * 7")).text).toBe("42");
    });
  });
});
