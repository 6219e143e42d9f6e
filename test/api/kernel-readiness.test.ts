import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

/** How many Python processes of kernels and templates there are where the code runs, itself included. */
const countKernels = `import glob
def is_kernel(path):
    try: return b"kernelbox_kernel" in open(path, "rb").read()
    except OSError: return False
sum(map(is_kernel, glob.glob("/proc/[0-9]*/cmdline")))`;

describeOnEveryRuntime(
  "the option kernels",
  (box) => {
    test("preload names what is imported once for all", { timeout: 60_000 }, async () => {
      const sandbox = await box.create({ kernels: { preload: ["colorsys", "no_such_module"] } });
      const imported = "import sys; [name in sys.modules for name in ('colorsys', 'pandas')]";
      const look = async (): Promise<string | undefined> => {
        await using context = await sandbox.createCodeContext();
        return (await context.runCode(imported)).text;
      };
      await expect.poll(look, { timeout: 50_000, interval: 200 }).toBe("[True, False]");
    });

    test("preload false and no spares: one kernel is one process", async () => {
      const sandbox = await box.create({ kernels: { preload: false, spares: 0 } });
      expect((await sandbox.runCode(countKernels)).text).toBe("1");
    });

    test.runIf(box.runtime.capabilities.memory)("a small box has one process for one kernel, too", async () => {
      const sandbox = await box.create({ memoryMiB: 256 });
      expect((await sandbox.runCode(countKernels)).text).toBe("1");
    });

    test("spares says how many kernels wait", { timeout: 60_000 }, async () => {
      const sandbox = await box.create({ kernels: { spares: 3 } });
      // The template, the default context's kernel, and three that wait.
      const look = async (): Promise<string | undefined> => (await sandbox.runCode(countKernels)).text;
      await expect.poll(look, { timeout: 50_000, interval: 500 }).toBe("5");
    });

    test("checkpoints says how many are kept", async () => {
      const sandbox = await box.create({ kernels: { checkpoints: { count: 2 } } });
      const context = await sandbox.defaultCodeContext();
      for (const label of ["one", "two", "three"]) await context.checkpoint({ label });
      expect((await context.listCheckpoints()).map(({ label }) => label)).toEqual(["two", "three"]);
    });

    test("checkpoints says how much memory they may take", { timeout: 60_000 }, async () => {
      const sandbox = await box.create({ kernels: { checkpoints: { memoryMiB: 60 } } });
      const context = await sandbox.defaultCodeContext();
      await context.runCode("data = bytearray(100_000_000)");
      await context.checkpoint({ label: "before" });
      await context.runCode("for i in range(0, len(data), 4096): data[i] = 1");
      await context.checkpoint({ label: "after" });
      expect((await context.listCheckpoints()).map(({ label }) => label)).toEqual(["after"]);
    });

    test.each([
      ["a negative number of spares", { spares: -1 }],
      ["a module's name that is none", { preload: ["import os"] }],
      ["an unknown part", { warm: true }],
    ])("%s is refused", async (_what, kernels) => {
      const creating = box.create({ kernels } as never);
      await expect(creating).rejects.toMatchObject({ code: "invalid-argument" });
    });
  },
  { shared: false },
);
