import { once } from "node:events";
import type { Box, BoxSpec, Runtime } from "@kernelbox/core";
import { afterEach, describe, expect } from "vitest";
import { healthThroughTunnel } from "./box-health.ts";
import { boxSpec } from "./box-spec.ts";
import { type Skip, skippableTest } from "./skippable-test.ts";
import { until } from "./until.ts";

/** Options of {@link describeRuntime}. */
export type DescribeRuntimeOptions = {
  readonly runtime: Runtime;
  /** The image that boxes are made of, where the runtime has images. */
  readonly image?: string;
  /** Ends the box's boxd from outside, as a crash would: gets boxd's pid as boxd sees it. Absent: that test is left out by `skip`. */
  readonly crash?: (box: Box, pid: number) => Promise<void>;
  readonly skip?: readonly Skip[];
  /** The time for each test. @default 60_000 */
  readonly timeoutMs?: number;
};

/**
 * The contract of a runtime, as tests.
 *
 * @example
 * describeRuntime("local", { runtime: local({ isolation: "none" }), skip: [{ reason: "…", tests: ["…"] }] });
 */
export function describeRuntime(name: string, options: DescribeRuntimeOptions): void {
  const { runtime, skip = [], timeoutMs = 60_000 } = options;
  describe(`the runtime ${name}`, () => {
    const boxes = new Set<Box>();
    const { declare, finish } = skippableTest(skip, timeoutMs);

    async function create(overrides: Partial<BoxSpec> = {}): Promise<Box> {
      const image = options.image === undefined ? {} : { image: options.image };
      const box = await runtime.create(boxSpec({ ...image, ...overrides }));
      boxes.add(box);
      return box;
    }
    async function attach(id: string): Promise<Box> {
      const box = await runtime.attach(id);
      boxes.add(box);
      return box;
    }
    async function isListed(id: string): Promise<boolean> {
      return (await runtime.list()).some((row) => row.id === id);
    }

    afterEach(async () => {
      await Promise.all([...boxes].map((box) => box.stop()));
      boxes.clear();
    });

    declare("a created box can be dialled at once", async () => {
      const box = await create();
      const health = await healthThroughTunnel(await box.openTunnel());
      expect(health.boxId).toBe(box.id);
    });

    declare("a box has the id of its spec", async () => {
      const spec = boxSpec();
      expect((await create({ id: spec.id })).id).toBe(spec.id);
    });

    declare("a tunnel that was cut can be opened again", async () => {
      const box = await create();
      const first = await box.openTunnel();
      first.on("error", () => undefined);
      first.destroy();
      await once(first, "close");
      expect((await healthThroughTunnel(await box.openTunnel())).boxId).toBe(box.id);
    });

    declare("two tunnels are open side by side", async () => {
      const box = await create();
      const tunnels = await Promise.all([box.openTunnel(), box.openTunnel()]);
      const answers = await Promise.all(tunnels.map((tunnel) => healthThroughTunnel(tunnel)));
      expect(answers.map((health) => health.boxId)).toEqual([box.id, box.id]);
    });

    declare("fifty tunnels opened and closed leave the box answering", async () => {
      const box = await create();
      for (let index = 0; index < 50; index += 1) await healthThroughTunnel(await box.openTunnel());
      expect((await healthThroughTunnel(await box.openTunnel())).boxId).toBe(box.id);
    });

    declare("a living box can be attached by its id", async () => {
      const box = await create({ labels: { purpose: "attach" } });
      const again = await attach(box.id);
      expect(again.info).toMatchObject({ id: box.id, labels: { purpose: "attach" } });
      expect((await healthThroughTunnel(await again.openTunnel())).boxId).toBe(box.id);
    });

    declare("an attached box has the limits of the created one", async () => {
      const box = await create();
      expect((await attach(box.id)).limits).toEqual(box.limits);
    });

    declare("attaching an unknown id is sandbox-not-found", async () => {
      await expect(runtime.attach(boxSpec().id)).rejects.toMatchObject({ code: "sandbox-not-found" });
    });

    declare("attaching an ended box is sandbox-not-found", async () => {
      const box = await create();
      await box.stop();
      await expect(runtime.attach(box.id)).rejects.toMatchObject({ code: "sandbox-not-found" });
    });

    declare("the list has living boxes with name, labels, creation time and fingerprint", async () => {
      const name = `listed-${boxSpec().id.slice(0, 8)}`;
      const box = await create({ name, labels: { tenant: "t1" }, optionsFingerprint: "f1" });
      const row = (await runtime.list()).find(({ id }) => id === box.id);
      expect(row).toMatchObject({ id: box.id, name, labels: { tenant: "t1" }, optionsFingerprint: "f1" });
      expect(Math.abs(Date.now() - Date.parse(row?.createdAt ?? ""))).toBeLessThan(60_000);
    });

    declare("an ended box is no longer listed", async () => {
      const box = await create();
      await box.stop();
      expect(await isListed(box.id)).toBe(false);
    });

    declare("a name belongs to one living box", async () => {
      const name = `taken-${boxSpec().id.slice(0, 8)}`;
      const box = await create({ name });
      await expect(create({ name })).rejects.toMatchObject({ name: "NameTakenError", box: { id: box.id } });
    });

    declare("of many creations with one name exactly one succeeds", async () => {
      const name = `raced-${boxSpec().id.slice(0, 8)}`;
      const settled = await Promise.allSettled(Array.from({ length: 4 }, () => create({ name })));
      expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect((await runtime.list()).filter((row) => row.name === name)).toHaveLength(1);
    });

    declare("a name is free again when its box has ended", async () => {
      const name = `again-${boxSpec().id.slice(0, 8)}`;
      await (await create({ name })).stop();
      expect((await create({ name })).info.name).toBe(name);
    });

    const assignName = runtime.assignName?.bind(runtime);
    const assignLabels = runtime.assignLabels?.bind(runtime);
    if (assignName !== undefined) {
      declare("a living box that is given a name has it like one that was created with it", async () => {
        const box = await create({ optionsFingerprint: "f2" });
        const name = `given-${boxSpec().id.slice(0, 8)}`;
        await assignName(box.id, name);
        const row = (await runtime.list()).find(({ id }) => id === box.id);
        expect(row).toMatchObject({ name, optionsFingerprint: "f2" });
        expect((await attach(box.id)).info.name).toBe(name);
        await expect(create({ name })).rejects.toMatchObject({ name: "NameTakenError", box: { id: box.id, name } });
        await box.stop();
        expect((await create({ name })).info.name).toBe(name);
      });

      declare("a name that lives is given to no other box", async () => {
        const name = `given-${boxSpec().id.slice(0, 8)}`;
        const [first, second] = [await create({ name }), await create()];
        const giving = assignName(second.id, name);
        await expect(giving).rejects.toMatchObject({ name: "NameTakenError", box: { id: first.id } });
        await first.stop();
        await assignName(second.id, name);
        await expect(assignName(boxSpec().id, name)).rejects.toMatchObject({ code: "sandbox-not-found" });
      });

      declare("of many that are given and created with one name exactly one gets it", async () => {
        const name = `given-${boxSpec().id.slice(0, 8)}`;
        const unnamed = await Promise.all([create(), create()]);
        const settled = await Promise.allSettled([...unnamed.map((box) => assignName(box.id, name)), create({ name })]);
        expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
        expect((await runtime.list()).filter((row) => row.name === name)).toHaveLength(1);
      });
    }

    if (assignLabels !== undefined) {
      declare("a living box can be given other labels", async () => {
        const box = await create({ labels: { old: "1" } });
        await assignLabels(box.id, { fresh: "2" });
        const row = (await runtime.list()).find(({ id }) => id === box.id);
        expect(row?.labels).toEqual({ fresh: "2" });
        expect((await attach(box.id)).info.labels).toEqual({ fresh: "2" });
        await expect(assignLabels(boxSpec().id, {})).rejects.toMatchObject({ code: "sandbox-not-found" });
      });
    }

    declare("stop can be called twice, side by side and later", async () => {
      const box = await create();
      await Promise.all([box.stop(), box.stop()]);
      await box.stop();
      expect(await isListed(box.id)).toBe(false);
    });

    declare("a stopped box says so", async () => {
      const box = await create();
      await box.stop();
      expect(await box.exited).toMatchObject({ reason: "stopped" });
    });

    declare("a box that another handle stopped says so", async () => {
      const box = await create();
      const other = await attach(box.id);
      await other.stop();
      expect(await box.exited).toMatchObject({ reason: "stopped" });
    });

    declare("an ended box cannot be dialled", async () => {
      const box = await create();
      await box.stop();
      await expect(box.openTunnel()).rejects.toMatchObject({ code: "box-exited" });
    });

    declare("a box that is idle ends itself", async () => {
      const box = await create({ idleTimeoutMs: 500 });
      expect(await box.exited).toMatchObject({ reason: "idle" });
      await until(async () => !(await isListed(box.id)), { what: "the idle box is gone from the list" });
    });

    declare("a box ends at its hard end", async () => {
      const box = await create({ maxLifetimeMs: 800, idleTimeoutMs: 0 });
      expect(await box.exited).toMatchObject({ reason: "lifetime" });
    });

    declare("a box whose boxd is killed has crashed", async () => {
      if (options.crash === undefined) throw new Error("pass `crash`, or skip this test with a reason");
      const box = await create();
      const { pid } = await healthThroughTunnel(await box.openTunnel());
      await options.crash(box, pid);
      expect(await box.exited).toMatchObject({ reason: "crashed" });
    });

    declare("a released box lives on and can be attached", async () => {
      const box = await create();
      await box.release();
      await box.release();
      const again = await attach(box.id);
      expect((await healthThroughTunnel(await again.openTunnel())).boxId).toBe(box.id);
    });

    declare("an aborted creation rejects and leaves nothing", async () => {
      const spec = boxSpec();
      const abort = new AbortController();
      const creating = runtime.create(spec, { signal: abort.signal });
      abort.abort(new Error("not wanted"));
      await expect(creating).rejects.toMatchObject({ name: "AbortError" });
      await until(async () => !(await isListed(spec.id)), { what: "nothing is left of the aborted box" });
    });

    declare("what is enforced is part of what the runtime says it can do", async () => {
      const box = await create();
      const { limits } = box;
      const { capabilities } = runtime;
      expect(box.isolation).not.toBe("");
      if (!capabilities.memory) expect(limits.memoryMiB).toBeUndefined();
      if (!capabilities.cpu) expect(limits.cpus).toBeUndefined();
      if (!capabilities.pids) expect(limits.pids).toBeUndefined();
      if (!capabilities.disk) expect(limits.diskMiB).toBeUndefined();
      if (limits.network !== undefined) expect(capabilities.network).toContain(limits.network);
    });
    finish();
  });
}
