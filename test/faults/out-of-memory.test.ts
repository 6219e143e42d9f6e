import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

/** Makes boxd the first to go; whoever has its user may. By itself it is the last. */
const exposeBoxd = `for process in /proc/[0-9]*; do
  if tr '\\0' ' ' < $process/cmdline | grep -q boxd.mjs; then echo 1000 > $process/oom_score_adj; fi
done`;
const spareKernel = "open('/proc/self/oom_score_adj', 'w').write('0')";

describeOnEveryRuntime(
  "a box without memory",
  (box) => {
    test.runIf(box.isContainer)("whose boxd was killed says so", async () => {
      const sandbox = await box.create({ memoryMiB: 256, diskMiB: 64 });
      const context = await sandbox.defaultCodeContext();
      await sandbox.exec(exposeBoxd);
      const running = context.runCode(`${spareKernel}\nkept = []\nwhile True: kept.append(b'x' * 1_000_000)`);
      await expect(running).rejects.toMatchObject({
        code: "box-exited",
        message: expect.stringContaining("out of memory"),
      });
      expect(await sandbox.exited).toMatchObject({ reason: "out-of-memory" });
    });
  },
  { shared: false },
);
