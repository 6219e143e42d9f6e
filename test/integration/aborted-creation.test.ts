import { setTimeout as pause } from "node:timers/promises";
import Docker from "dockerode";
import { Sandbox } from "kernelbox";
import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

describeOnEveryRuntime(
  "creations that are aborted at any moment",
  (box) => {
    test.runIf(box.isContainer)("leave no container, not even one that never started", async () => {
      const labels = { test: `aborted-${crypto.randomUUID()}` };
      const creations = Array.from({ length: 24 }, async (_, index) => {
        const abort = new AbortController();
        const creating = Sandbox.create({ runtime: box.runtime, labels, signal: abort.signal });
        setTimeout(() => abort.abort(), 5 + index * 12);
        const sandbox = await creating.catch(() => undefined);
        await sandbox?.stop();
      });
      await Promise.all(creations);
      // What an engine makes late, nobody can wait for.
      await pause(3000);
      const engine = new Docker();
      const left = async (): Promise<readonly string[]> =>
        (await engine.listContainers({ all: true, filters: { label: ["kernelbox.id"] } }))
          .filter((row) => row.Labels["kernelbox.labels"]?.includes(labels.test) === true)
          .map((row) => `${row.Id} ${row.State}`);
      await expect.poll(left, { timeout: 30_000 }).toEqual([]);
    });
  },
  { shared: false },
);
