import { Sandbox, SandboxPool, type SandboxPoolOptions, getSandbox } from "kernelbox";
import { expect, test, vi } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { boxdOf } from "../helpers/box-processes.ts";
import { killBoxd } from "../helpers/kill-boxd.ts";
import { runProgram } from "../helpers/run-program.ts";

// Some of these tests wait for several boxes, one after the other.
vi.setConfig({ testTimeout: 180_000 });

describeOnEveryRuntime(
  "a pool of sandboxes",
  (box) => {
    /** A pool of two, whose sandboxes are told from those of other tests. */
    async function pooled(options: Partial<SandboxPoolOptions> = {}): Promise<{
      readonly pool: SandboxPool;
      ids(): Promise<readonly string[]>;
    }> {
      const labels = { test: `pool-${crypto.randomUUID()}` };
      const { runtime } = box;
      const ids = async (): Promise<readonly string[]> =>
        (await Sandbox.list({ runtime, labels })).map(({ id }) => id).toSorted();
      const pool = await SandboxPool.create({ size: 2, ...options, sandbox: { ...options.sandbox, runtime, labels } });
      box.defer(async () => {
        await pool.close();
        for (const id of await ids()) await Sandbox.stop(id, { runtime });
      });
      return { pool, ids };
    }

    test("hands out warm sandboxes, each once, and is filled up again", async () => {
      const { pool, ids } = await pooled({ warm: ["python"] });
      const pooledIds = await ids();
      const sandboxes = await Promise.all([1, 2, 3].map(() => pool.acquire({ files: { "a.txt": "ready" } })));
      expect(new Set(sandboxes.map(({ id }) => id)).size).toBe(3);
      expect(sandboxes.map(({ id }) => id)).toEqual(expect.arrayContaining([...pooledIds]));
      for (const sandbox of sandboxes) {
        const [context] = await sandbox.listCodeContexts();
        const execution = await sandbox.runCode("open('a.txt').read()");
        expect([execution.text, execution.contextId]).toEqual(["ready", context?.id]);
      }
      await expect.poll(() => pool.status().ready, { timeout: 60_000 }).toBe(2);
      expect(await ids()).toHaveLength(5);
    });

    test("replaces a box whose boxd was killed, and hands out the other", async () => {
      const { pool, ids } = await pooled();
      const [first = ""] = await ids();
      await killBoxd(first);
      const sandbox = await pool.acquire();
      expect(sandbox.id).not.toBe(first);
      expect((await sandbox.runCode("1 + 1")).text).toBe("2");
      await expect.poll(() => pool.status().ready, { timeout: 60_000 }).toBe(2);
    });

    test("replaces a box whose boxd hangs, when it is asked for", async () => {
      const { pool, ids } = await pooled({ size: 1 });
      const [first = ""] = await ids();
      process.kill(boxdOf(first).pid, "SIGSTOP");
      const sandbox = await pool.acquire();
      expect(sandbox.id).not.toBe(first);
      await expect.poll(ids, { timeout: 60_000 }).not.toContain(first);
    });

    test("closed, stops what is ready and what is being made; what was handed out lives on", async () => {
      const { pool, ids } = await pooled();
      const sandbox = await pool.acquire();
      await pool.close();
      expect(await ids()).toEqual([sandbox.id]);
      expect((await sandbox.runCode("1 + 1")).text).toBe("2");
    });

    test("labels given at hand-out are listed, or refused where a living box cannot have others", async () => {
      const { pool } = await pooled({ size: 1 });
      const labels = { tenant: crypto.randomUUID() };
      const acquiring = pool.acquire({ labels });
      if (box.runtime.assignLabels === undefined) {
        await expect(acquiring).rejects.toMatchObject({ code: "capability-unsupported" });
        expect(pool.status().ready).toBe(1);
      } else {
        const { id } = await acquiring;
        expect(await Sandbox.list({ runtime: box.runtime, labels })).toMatchObject([{ id }]);
      }
    });

    test("gives a sandbox to a name, which is free again when it has ended", async () => {
      const { pool, ids } = await pooled({ size: 1 });
      const [pooledId = ""] = await ids();
      const name = `pool-${crypto.randomUUID().slice(0, 8)}`;
      const sandbox = await getSandbox(name, { pool, files: { "a.txt": "a" } });
      expect([sandbox.id, sandbox.name]).toEqual([pooledId, name]);
      const again = await getSandbox(name, { pool });
      expect([again.id, (await again.readFile("a.txt")).content]).toEqual([pooledId, "a"]);
      await again.disconnect();
      await sandbox.stop();
      const next = await getSandbox(name, { pool });
      expect(next.id).not.toBe(pooledId);
    });

    test("gives a name to one box, whoever asks for it in another process at the same time", async () => {
      const { runtime } = box;
      // The other process has the same options, so that one name means one sandbox for both.
      const pool = await SandboxPool.create({ size: 2, sandbox: { runtime } });
      box.defer(() => pool.close());
      const name = `pool-${crypto.randomUUID().slice(0, 8)}`;
      const program = runProgram("get-by-name.ts", box.name, [name]);
      box.defer(() => program.end());
      const sandboxes = await Promise.all([1, 2].map(() => getSandbox(name, { pool })));
      for (const sandbox of sandboxes) box.defer(() => sandbox.stop());
      expect(new Set([...sandboxes.map(({ id }) => id), await program.lastLine()]).size).toBe(1);
      const rows = (await Sandbox.list({ runtime })).filter((row) => row.name === name);
      expect(rows).toMatchObject([{ id: sandboxes[0]?.id }]);
    });
  },
  { shared: false },
);
