import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

describeOnEveryRuntime("usage", (box) => {
  test("a sandbox tells what it uses, or null with a reason", async () => {
    await box.sandbox.runCode("x = bytearray(50 << 20)");
    const usage = await box.sandbox.usage();
    for (const amount of [usage.cpu, usage.memoryBytes, usage.diskBytes, usage.pids]) {
      if (amount.used === null || amount.limit === null) expect(amount.reason).toBeTypeOf("string");
    }
  });

  test.runIf(box.isContainer)(
    "in a container every number is known, and the limits are those that were set",
    async () => {
      await box.sandbox.runCode("x = bytearray(50 << 20)");
      await box.sandbox.writeFile("ten-mib", new Uint8Array(10 << 20));
      const { cpu, memoryBytes, diskBytes, pids } = await box.sandbox.usage();
      expect([cpu.limit, pids.limit, diskBytes.limit]).toEqual([2, 512, 1024 << 20]);
      expect(memoryBytes.limit).toBeGreaterThanOrEqual(2048 << 20);
      expect(cpu.used).toBeGreaterThan(0);
      expect(memoryBytes.used).toBeGreaterThan(50 << 20);
      expect(diskBytes.used).toBeGreaterThanOrEqual(10 << 20);
      expect(pids.used).toBeGreaterThanOrEqual(2);
    },
  );

  test("a run tells its wall time", async () => {
    const { usage } = await box.sandbox.runCode("import time; time.sleep(0.3)");
    expect(usage?.wallMs).toBeGreaterThan(290);
    expect(usage?.wallMs).toBeLessThan(5000);
  });

  test.runIf(process.platform === "linux")("a run tells its processor time without the waiting", async () => {
    const { usage } = await box.sandbox.runCode(
      "import time\ntime.sleep(0.5)\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass",
    );
    expect(usage?.cpuMs).toBeGreaterThan(250);
    expect(usage?.cpuMs).toBeLessThan((usage?.wallMs ?? 0) - 300);
  });

  test.runIf(process.platform === "linux")("a run's processor time has its children in it", async () => {
    const { usage } = await box.sandbox.runCode(
      "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import time\\nwhile time.process_time() < 0.5: pass'])",
    );
    expect(usage?.cpuMs).toBeGreaterThan(450);
  });

  test.runIf(process.platform === "linux")("a run's peak memory is its own", async () => {
    const context = await box.context();
    const small = await context.runCode("1");
    const large = await context.runCode("x = bytearray(200 << 20); len(x)");
    expect((large.usage?.peakMemoryBytes ?? 0) - (small.usage?.peakMemoryBytes ?? 0)).toBeGreaterThan(150 << 20);
  });
});
