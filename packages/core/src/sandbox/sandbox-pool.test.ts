import { Readable } from "node:stream";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { silentLogger } from "../logger.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { boxdRuntime } from "../test-support/boxd-runtime.test-support.ts";
import type { SandboxPoolOptions } from "./pool-options.ts";
import { SandboxPool } from "./sandbox-pool.ts";
import { Sandbox, getSandbox } from "./sandbox.ts";

const runtime = boxdRuntime();
const pools: SandboxPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  await runtime.close();
}, 60_000);
afterAll(() => runtime.close(), 60_000);

async function pooled(options: Partial<SandboxPoolOptions> = {}): Promise<SandboxPool> {
  const pool = await SandboxPool.create({ size: 1, ...options, sandbox: { runtime, ...options.sandbox } });
  pools.push(pool);
  return pool;
}

/** The same runtime without what only some have. */
function without(...names: readonly ("assignName" | "assignLabels")[]): Runtime {
  return Object.fromEntries(
    Object.entries(runtime).filter(([name]) => !names.some((missing) => missing === name)),
  ) as unknown as Runtime;
}

async function ids(): Promise<readonly string[]> {
  return (await runtime.list()).map(({ id }) => id);
}

describe("a pool", { timeout: 120_000 }, () => {
  test("hands out sandboxes that run code, each once, and is filled up again", async () => {
    const pool = await pooled({ size: 2 });
    expect(pool.status()).toEqual({ ready: 2, creating: 0, waiting: 0 });
    const sandboxes = await Promise.all([pool.acquire(), pool.acquire(), pool.acquire()]);
    expect(new Set(sandboxes.map(({ id }) => id)).size).toBe(3);
    expect((await sandboxes[0]?.runCode("40 + 2"))?.text).toBe("42");
    await expect.poll(() => pool.status().ready, { timeout: 30_000 }).toBe(2);
  });

  test("warms the default context, which runCode then uses", async () => {
    const pool = await pooled({ warm: ["python"] });
    const sandbox = await pool.acquire();
    const [context, ...others] = await sandbox.listCodeContexts();
    expect([context?.language, context?.isDefault, others.length]).toEqual(["python", true, 0]);
    const execution = await sandbox.runCode("1");
    expect(execution).toMatchObject({ text: "1", contextId: context?.id });
    expect((await sandbox.defaultCodeContext("python")).id).toBe(context?.id);
  });

  test("gives labels and files at hand-out, beside those of the pool", async () => {
    const pool = await pooled({ sandbox: { labels: { app: "a" }, files: { "shared.txt": "all" } } });
    const sandbox = await pool.acquire({ labels: { tenant: "t1" }, files: { "own.txt": Readable.from(["mi", "ne"]) } });
    expect(await Sandbox.list({ runtime, labels: { app: "a", tenant: "t1" } })).toMatchObject([{ id: sandbox.id }]);
    const contents = await Promise.all(["shared.txt", "own.txt"].map((path) => sandbox.readFile(path)));
    expect(contents.map(({ content }) => content)).toEqual(["all", "mine"]);
  });

  test("drops a box that died and hands out the next", async () => {
    const pool = await pooled({ size: 2 });
    const [first = ""] = await ids();
    await (await runtime.attach(first)).stop();
    const sandbox = await pool.acquire();
    expect(sandbox.id).not.toBe(first);
    expect((await sandbox.runCode("1")).text).toBe("1");
  });

  test("drops a box whose tunnel hangs, and hands out the next", async () => {
    let hangs = "";
    const hanging: Runtime = {
      ...runtime,
      create: async (spec, options) => {
        const box = await runtime.create(spec, options);
        const openTunnel = box.openTunnel.bind(box);
        return { ...box, openTunnel: () => (hangs === box.id ? new Promise(() => undefined) : openTunnel()) };
      },
    };
    const pool = await pooled({ sandbox: { runtime: hanging } });
    const [first = ""] = await ids();
    hangs = first;
    runtime.cut();
    const sandbox = await pool.acquire();
    expect(sandbox.id).not.toBe(first);
    await expect.poll(ids, { timeout: 30_000 }).not.toContain(first);
  });

  test("keeps its boxes alive past their idle time", async () => {
    const pool = await pooled({ sandbox: { idleTimeoutMs: 8000 } });
    const before = await ids();
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    expect([await ids(), pool.status()]).toEqual([before, { ready: 1, creating: 0, waiting: 0 }]);
  });

  test("replaces a box at half of its lifetime, before that ends it", async () => {
    const pool = await pooled({ sandbox: { maxLifetimeMs: 16_000 } });
    const [first = ""] = await ids();
    const { exited } = await runtime.attach(first);
    expect(await exited).toMatchObject({ reason: expect.not.stringMatching("lifetime") });
    expect((await pool.acquire()).id).not.toBe(first);
  });

  test("an acquire whose files cannot be written rejects, and its box is gone", async () => {
    const pool = await pooled();
    const [first = ""] = await ids();
    await expect(pool.acquire({ files: { "a\0b": "x" } })).rejects.toMatchObject({ code: "invalid-argument" });
    expect(await ids()).not.toContain(first);
  });

  test("what was handed out lives on when the pool is closed, and ends with its own using", async () => {
    const pool = await pooled();
    const sandbox = await pool.acquire();
    await pool[Symbol.asyncDispose]();
    await pool.close();
    expect(await ids()).toEqual([sandbox.id]);
    await expect(pool.acquire()).rejects.toMatchObject({ code: "aborted" });
    await sandbox[Symbol.asyncDispose]();
    expect(await ids()).toEqual([]);
  });

  test("a call that waits when the pool is closed is rejected, and nothing is left", async () => {
    let creating = 0;
    const counting: Runtime = {
      ...runtime,
      create: (spec, options) => {
        creating += 1;
        return runtime.create(spec, options).finally(() => (creating -= 1));
      },
    };
    const pool = await pooled({ sandbox: { runtime: counting } });
    await pool.acquire().then((sandbox) => sandbox.stop());
    const waiting = expect(Promise.all([pool.acquire(), pool.acquire()])).rejects.toMatchObject({
      name: "KernelboxError",
      code: "aborted",
    });
    expect(creating).toBeGreaterThan(0);
    await pool.close();
    await waiting;
    expect([creating, await ids()]).toEqual([0, []]);
  });
});

describe("creating a pool", { timeout: 120_000 }, () => {
  test("rejects with what the first failure said, and leaves nothing", async () => {
    let created = 0;
    const failing: Runtime = {
      ...runtime,
      create: (spec, options) => {
        created += 1;
        if (created > 1) return Promise.reject(new KernelboxError("engine-unavailable", "no engine"));
        return runtime.create(spec, options);
      },
    };
    await expect(pooled({ size: 2, sandbox: { runtime: failing } })).rejects.toMatchObject({
      code: "engine-unavailable",
    });
    expect(await ids()).toEqual([]);
  });

  test("rejects where a language cannot be warmed, and leaves nothing", async () => {
    await expect(pooled({ warm: ["klingon"] })).rejects.toMatchObject({ code: "language-unavailable" });
    expect(await ids()).toEqual([]);
  });

  test("is given up by its signal, and leaves nothing", async () => {
    const abort = new AbortController();
    const creating = pooled({ signal: abort.signal });
    abort.abort("enough");
    await expect(creating).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    expect(await ids()).toEqual([]);
  });

  test.each([
    ["no sandbox", { size: 0 }],
    ["half a sandbox", { size: 1.5 }],
    ["nothing at once", { parallelism: 0 }],
    ["a negative age", { maxAgeMs: -1 }],
    ["an unknown option", { minimum: 1 }],
    ["a language that is no string", { warm: [1] }],
    ["a name", { sandbox: { name: "mine" } }],
    ["a signal for each sandbox", { sandbox: { signal: AbortSignal.timeout(1000) } }],
    ["a stream for every sandbox", { sandbox: { files: { a: Readable.from([]) } } }],
    ["an option that a sandbox has not", { sandbox: { memory: 1 } }],
  ])("with %s is an invalid argument", async (_, options) => {
    await expect(pooled(options as object)).rejects.toMatchObject({ code: "invalid-argument" });
  });

  test("says how a sandbox of a pool gets its name", async () => {
    await expect(pooled({ sandbox: { name: "mine" } as object })).rejects.toThrow("getSandbox(name, { pool })");
  });

  test("refuses what the runtime cannot do", async () => {
    await expect(pooled({ sandbox: { memoryMiB: 64 } })).rejects.toMatchObject({ code: "capability-unsupported" });
  });
});

describe("a later failure", { timeout: 120_000 }, () => {
  test("reaches who waits, is kept in the status and is heard by the logger", async () => {
    const lines: string[] = [];
    const failure = new KernelboxError("image-not-found", "the image is gone");
    let isBroken = false;
    const breaking: Runtime = {
      ...runtime,
      create: (spec, options) => (isBroken ? Promise.reject(failure) : runtime.create(spec, options)),
    };
    const logger = { ...silentLogger, warn: (_: string, fields?: object) => void lines.push(JSON.stringify(fields)) };
    const pool = await pooled({ sandbox: { runtime: breaking, logger } });
    isBroken = true;
    await pool.acquire();
    await expect(pool.acquire()).rejects.toBe(failure);
    await expect.poll(() => pool.status().creating, { timeout: 30_000 }).toBe(0);
    expect(pool.status()).toMatchObject({ ready: 0, waiting: 0, lastError: failure });
    expect(lines.join()).toContain("the image is gone");
    isBroken = false;
    await expect.poll(() => pool.status(), { timeout: 30_000 }).toEqual({ ready: 1, creating: 0, waiting: 0 });
  });
});

describe("getSandbox with a pool", { timeout: 120_000 }, () => {
  test("takes one where the name is free, and finds it again", async () => {
    const pool = await pooled();
    const [pooledId] = await ids();
    const first = await getSandbox("user-1", { pool, files: { "a.txt": "a" }, labels: { tenant: "t" } });
    expect([first.id, first.name]).toEqual([pooledId, "user-1"]);
    expect((await first.readFile("a.txt")).content).toBe("a");
    const again = await getSandbox("user-1", { pool });
    const withoutPool = await getSandbox("user-1", { runtime });
    expect([again.id, again.name, withoutPool.id]).toEqual([first.id, "user-1", first.id]);
    expect(await Sandbox.list({ runtime, labels: { tenant: "t" } })).toMatchObject([{ name: "user-1" }]);
    await pool.close();
    expect((await getSandbox("user-1", { pool })).id).toBe(first.id);
    for (const sandbox of [first, again, withoutPool]) await sandbox[Symbol.asyncDispose]();
    expect(await ids()).toContain(first.id);
  });

  test("by many at once names one box, and the others stay in the pool", async () => {
    const pool = await pooled({ size: 2 });
    const before = await ids();
    const sandboxes = await Promise.all([1, 2, 3].map(() => getSandbox("user-2", { pool })));
    expect(new Set(sandboxes.map(({ id }) => id)).size).toBe(1);
    await expect.poll(() => pool.status().ready, { timeout: 30_000 }).toBe(2);
    // The one with the name, two in the pool, and none that nobody knows of.
    await expect.poll(async () => (await ids()).length, { timeout: 30_000 }).toBe(3);
    expect(await ids()).toEqual(expect.arrayContaining([...before]));
  });

  test("is a conflict where the name lives with other options", async () => {
    const pool = await pooled();
    const living = await getSandbox("user-3", { runtime, env: { A: "1" } });
    await expect(getSandbox("user-3", { pool })).rejects.toMatchObject({
      code: "sandbox-options-conflict",
      details: { boxId: living.id },
    });
    expect(pool.status().ready).toBe(1);
  });

  test("takes no other options, and nothing that is no pool", async () => {
    const pool = await pooled();
    const wrong = (options: object) => getSandbox("user-4", options);
    await expect(wrong({ pool, memoryMiB: 1 })).rejects.toMatchObject({ code: "invalid-argument" });
    await expect(wrong({ pool: {} })).rejects.toMatchObject({ code: "invalid-argument" });
  });

  test("names and labels are refused where the runtime cannot give them, before a box is taken", async () => {
    const pool = await pooled({ sandbox: { runtime: without("assignName", "assignLabels") } });
    await expect(getSandbox("user-5", { pool })).rejects.toMatchObject({ code: "capability-unsupported" });
    await expect(pool.acquire({ labels: { a: "b" } })).rejects.toMatchObject({ code: "capability-unsupported" });
    expect(pool.status()).toEqual({ ready: 1, creating: 0, waiting: 0 });
  });
});
