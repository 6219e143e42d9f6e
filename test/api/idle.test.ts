import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

const idleTimeoutMs = 1000;

describeOnEveryRuntime(
  "the idle time",
  (box) => {
    test("of 0 is off", async () => {
      const sandbox = await box.create({ idleTimeoutMs: 0 });
      const ended = await Promise.race([sandbox.exited, delay(2500)]);
      expect(ended).toBeUndefined();
      expect((await sandbox.runCode("6 * 7")).text).toBe("42");
    });

    test("does not end a sandbox during a transfer", async () => {
      const sandbox = await box.create({ idleTimeoutMs });
      await sandbox.exec("head -c 40000000 /dev/zero > large");
      const { content } = await sandbox.readFile("large", { encoding: "stream" });
      let bytes = 0;
      for await (const chunk of content as AsyncIterable<Buffer>) {
        // Once, in the middle, for longer than the idle time.
        if (bytes === 0) await delay(3 * idleTimeoutMs);
        bytes += chunk.length;
      }
      expect(bytes).toBe(40_000_000);
    });

    test("is not held up by what a command left in the background", async () => {
      const sandbox = await box.create({ idleTimeoutMs });
      await sandbox.exec("setsid sleep 986 > /dev/null 2>&1 &");
      expect(await sandbox.exited).toMatchObject({ reason: "idle" });
    });

    test("begins again with each call", async () => {
      const sandbox = await box.create({ idleTimeoutMs });
      for (let call = 0; call < 5; call += 1) {
        await delay(idleTimeoutMs / 2);
        expect(await sandbox.exists("x")).toBe(false);
      }
    });
  },
  { shared: false },
);
