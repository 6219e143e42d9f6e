import type { CodeContext } from "kernelbox";
import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

/** The text of an expression's value. */
async function valueOf(context: CodeContext, code: string): Promise<string | undefined> {
  const { text, error } = await context.runCode(code);
  if (error) throw new Error(`${error.name}: ${error.message}`);
  return text;
}

describeOnEveryRuntime("a fork", (box) => {
  test("has the variables, functions, classes, generators, imports, figures and count; then both go their own way", async () => {
    const context = await box.context({ env: { OWN: "1" } });
    await context.runCode(
      [
        "import random, os, math, matplotlib.pyplot as plt",
        "class Point:\n    def __init__(self, x): self.x = x",
        "def double(p): return Point(2 * p.x)",
        "point = Point(3); numbers = (n * n for n in range(10)); next(numbers); next(numbers)",
        "random.seed(7); plt.plot([1, 2]); figure = plt.gcf(); os.chdir('/tmp'); os.environ['LATE'] = '2'",
      ].join("\n"),
    );
    const state =
      "double(point).x, next(numbers), random.random(), math.pi, len(figure.axes), os.getcwd(), os.environ['OWN'], os.environ['LATE']";
    const fork = await context.fork();
    box.defer(() => fork.delete());
    expect(fork.id).not.toBe(context.id);
    expect({ language: fork.language, isDefault: fork.isDefault, warnings: fork.forkWarnings }).toEqual({
      ...{ language: "python", isDefault: false, warnings: [] },
    });
    const run = await fork.runCode(state);
    expect(run.executionCount).toBe(2);
    await fork.runCode("point.x = 100; del double");
    expect(run.text).toContain("(6, 4, ");
    expect(run.text).toBe(await valueOf(context, state));
    expect((await box.sandbox.listCodeContexts()).map(({ id }) => id)).toContain(fork.id);
  });

  test("of a fork of a fork works, and outlives its parents", async () => {
    let context = await box.context();
    await context.runCode("path = []");
    for (let step = 0; step < 3; step += 1) {
      const fork = await context.fork();
      await fork.runCode(`path.append(${step})`);
      if (step > 0) await context.delete();
      context = fork;
    }
    box.defer(() => context.delete());
    expect(await valueOf(context, "path")).toBe("[0, 1, 2]");
  });

  test("is made when the cells before it have run", async () => {
    const context = await box.context();
    const slow = context.runCode("import time; time.sleep(0.5); done = 'yes'");
    const fork = await context.fork();
    box.defer(() => fork.delete());
    expect(await valueOf(fork, "done")).toBe("yes");
    expect((await slow).status).toBe("ok");
  });

  test("that is given up while it waits is not made, and nothing is lost", async () => {
    const context = await box.context();
    const before = (await box.sandbox.listCodeContexts()).length;
    const slow = context.runCode("import time; time.sleep(1); x = 1");
    await expect(context.fork({ signal: AbortSignal.timeout(200) })).rejects.toMatchObject({ name: "AbortError" });
    expect((await slow).status).toBe("ok");
    expect(await valueOf(context, "x")).toBe("1");
    expect(await box.sandbox.listCodeContexts()).toHaveLength(before);
  });

  test("says what it could not take over", async () => {
    const context = await box.context();
    await context.runCode(
      "import threading, time; threading.Thread(target=time.sleep, args=(30,), name='Poller', daemon=True).start()",
    );
    const fork = await context.fork();
    box.defer(() => fork.delete());
    expect(fork.forkWarnings.join()).toContain("Poller");
  });

  test("restarts empty, is interrupted, dies and takes input as any context", async () => {
    const parent = await box.context();
    await parent.runCode("x = 1");
    const fork = await parent.fork();
    box.defer(() => fork.delete());
    expect((await fork.runCode("while True: pass", { timeoutMs: 500 })).status).toBe("timed-out");
    expect((await fork.runCode("input('? ')", { onInput: () => "typed" })).text).toBe("typed");
    expect(await valueOf(fork, "x")).toBe("1");
    const died = await fork.runCode("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)");
    // Without a C compiler on this machine, the local runtime cannot tell how.
    const cause = box.name === "docker" ? /SIGSEGV/ : /SIGSEGV|nobody could tell/;
    expect(died).toMatchObject({ status: "kernel-died", contextState: "lost" });
    expect(died.error?.message).toMatch(cause);
    expect((await fork.runCode("x")).error?.name).toBe("NameError");
    await fork.restart();
    expect(await valueOf(fork, "1 + 1")).toBe("2");
    expect(await valueOf(parent, "x")).toBe("1");
  });

  test("of another language is refused, and the error names those that can", async () => {
    const context = await box.context({ language: "javascript" });
    const refusal = { code: "capability-unsupported", message: expect.stringMatching(/javascript.*python/s) };
    await expect(context.fork()).rejects.toMatchObject(refusal);
    await expect(context.checkpoint()).rejects.toMatchObject(refusal);
    await expect(context.runCode("1", { undoOnError: true })).rejects.toMatchObject(refusal);
  });

  // Threads that spin while they wait make this slow where others use the processors, too.
  test("eight of one context fit a model side by side", { timeout: 300_000 }, async () => {
    const context = await box.context();
    await context.runCode(
      "import numpy as np\nfrom sklearn.ensemble import HistGradientBoostingRegressor as Model\nx = np.arange(4000.0).reshape(-1, 2); y = x.sum(axis=1)\nModel(max_iter=2).fit(x, y)",
      { timeoutMs: 200_000 },
    );
    const forks = await Promise.all(Array.from({ length: 8 }, () => context.fork()));
    box.defer(() => Promise.all(forks.map((fork) => fork.delete())));
    const fits = await Promise.all(
      forks.map((fork, index) =>
        fork.runCode(`Model(max_iter=${index + 2}, random_state=${index}).fit(x, y).score(x, y) > 0`, {
          timeoutMs: 200_000,
        }),
      ),
    );
    expect(fits.map(({ status, text }) => [status, text])).toEqual(Array.from({ length: 8 }, () => ["ok", "True"]));
  });

  test("at each step makes a tree search: five queens", { timeout: 120_000 }, async () => {
    const root = await box.context();
    await root.runCode(
      "size = 5; queens = []\ndef free(): return [c for c in range(size) if all(c != q and abs(c - q) != len(queens) - r for r, q in enumerate(queens))]",
    );
    const search = async (context: CodeContext): Promise<string | undefined> => {
      const [placed, columns] = JSON.parse(
        (await valueOf(context, "import json; json.dumps([len(queens), free()])")) ?? "",
      );
      if (placed === 5) return valueOf(context, "queens");
      for (const column of columns) {
        await using branch = await context.fork();
        await branch.runCode(`queens.append(${column})`);
        const found = await search(branch);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    expect(await search(root)).toBe("[0, 2, 4, 1, 3]");
    expect(await valueOf(root, "queens")).toBe("[]");
  });
});

describeOnEveryRuntime("a checkpoint", (box) => {
  test("gives the variables and the count back, any number of times, under the same id", async () => {
    const context = await box.context();
    await context.runCode("table = {'rows': [1, 2, 3]}");
    const checkpoint = await context.checkpoint({ label: "before" });
    expect(checkpoint).toMatchObject({ contextId: context.id, label: "before", executionCount: 1, warnings: [] });
    for (let round = 0; round < 3; round += 1) {
      await context.runCode("del table['rows']");
      await context.restore(checkpoint);
      const row = (await box.sandbox.listCodeContexts()).find(({ id }) => id === context.id);
      expect(row?.executionCount).toBe(1);
      const run = await context.runCode("table");
      expect([run.text, run.executionCount]).toEqual(["{'rows': [1, 2, 3]}", 2]);
    }
    expect((await box.sandbox.listCodeContexts()).filter(({ id }) => id === context.id)).toHaveLength(1);
  });

  test("undoes a cell that killed the kernel, and one that hung it", async () => {
    const context = await box.context();
    await context.runCode("x = 'kept'");
    const checkpoint = await context.checkpoint();
    await context.runCode("import os; os._exit(1)");
    await context.restore(checkpoint.id);
    expect(await valueOf(context, "x")).toBe("kept");
    const hung = await context.runCode(
      "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
      { timeoutMs: 500 },
    );
    expect(hung).toMatchObject({ status: "timed-out", contextState: "lost" });
    await context.restore(checkpoint);
    expect(await valueOf(context, "x")).toBe("kept");
  });

  test("is restored in its turn: what was queued before runs before, what comes after sees the old state", async () => {
    const context = await box.context();
    await context.runCode("log = []");
    const checkpoint = await context.checkpoint();
    const before = context.runCode("import time; time.sleep(0.3); log.append('before'); log");
    const restored = context.restore(checkpoint);
    const after = context.runCode("log");
    expect((await before).text).toBe("['before']");
    await restored;
    expect(["[]", "['before']"]).toContain((await after).text);
    expect(await valueOf(context, "log")).toBe("[]");
  });

  test("is listed with its size, which grows as the context changes what they share, and dropped", async () => {
    const context = await box.context();
    await context.runCode("data = bytearray(64_000_000)");
    const checkpoint = await context.checkpoint({ label: "big" });
    await context.runCode("for i in range(0, len(data), 4096): data[i] = 1");
    const [row] = await context.listCheckpoints();
    expect(row).toMatchObject({ id: checkpoint.id, label: "big" });
    expect(row?.sizeBytes ?? 0).toBeGreaterThan(60_000_000);
    await checkpoint.drop();
    await checkpoint.drop();
    expect(await context.listCheckpoints()).toEqual([]);
    const refusal = { code: "invalid-argument", message: expect.stringContaining(checkpoint.id) };
    await expect(context.restore(checkpoint)).rejects.toMatchObject(refusal);
    expect(await valueOf(context, "data[0]")).toBe("1");
  });

  test("of another context is refused", async () => {
    const [one, two] = [await box.context(), await box.context()];
    await using checkpoint = await one.checkpoint();
    await expect(two.restore(checkpoint)).rejects.toMatchObject({ code: "invalid-argument" });
  });

  test("beyond the 32nd of a box makes room by dropping the oldest", { timeout: 120_000 }, async () => {
    const context = await box.context();
    const first = await context.checkpoint({ label: "first" });
    for (let index = 0; index < 32; index += 1) await context.checkpoint();
    const left = await context.listCheckpoints();
    expect(left).toHaveLength(32);
    expect(left.map(({ id }) => id)).not.toContain(first.id);
  });

  test("is gone with its context", async () => {
    const context = await box.sandbox.createCodeContext();
    const checkpoint = await context.checkpoint();
    await context.delete();
    await checkpoint.drop();
    await expect(context.restore(checkpoint)).rejects.toMatchObject({ code: "context-not-found" });
  });
});

describeOnEveryRuntime("a run with undoOnError", (box) => {
  test.each([
    ["an error", "del data; 1 / 0", "error"],
    ["a crash", "del data; import os; os.kill(os.getpid(), 11)", "kernel-died"],
    ["a time limit", "del data\nwhile True: pass", "timed-out"],
    ["a hang", "del data; import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass", "timed-out"],
  ])("that ends with %s leaves the variables as they were", async (_what, code, status) => {
    const context = await box.context();
    await context.runCode("data = [1, 2, 3]");
    const run = context.runCode(code, { undoOnError: true, timeoutMs: 1_000 });
    const next = context.runCode("data");
    expect(await run).toMatchObject({ status, isUndone: true, contextState: "kept" });
    expect((await next).text).toBe("[1, 2, 3]");
  });

  test("that ends well keeps what it did", async () => {
    const context = await box.context();
    const run = await context.runCode("x = 1", { undoOnError: true });
    expect([run.status, run.isUndone]).toEqual(["ok", undefined]);
    expect(await valueOf(context, "x")).toBe("1");
    expect(await context.listCheckpoints()).toEqual([]);
  });

  test("survives its JSON", async () => {
    const context = await box.context();
    const run = await context.runCode("1 / 0", { undoOnError: true });
    expect(run.toJSON()).toMatchObject({ isUndone: true });
  });
});

describeOnEveryRuntime("a new context", (box) => {
  test("has pandas and matplotlib imported, once the box had time for it", { timeout: 60_000 }, async () => {
    const imported = "import sys; [name in sys.modules for name in ('pandas', 'matplotlib.pyplot')]";
    await expect
      .poll(async () => valueOf(await box.context(), imported), { timeout: 50_000, interval: 200 })
      .toBe("[True, True]");
  });

  test("is as if it was started alone: count, arguments, namespace, random numbers", async () => {
    const look = "import random, uuid, sys, tempfile; f'{random.random()} {uuid.uuid4()} {tempfile.mktemp()}'";
    const runs = await Promise.all([1, 2, 3].map(async () => (await box.context()).runCode(look)));
    expect(runs.map(({ executionCount }) => executionCount)).toEqual([1, 1, 1]);
    expect(new Set(runs.flatMap(({ text }) => text?.split(" "))).size).toBe(9);
    const context = await box.context();
    expect(await valueOf(context, "import sys; sys.argv")).toBe("['']");
    expect(await valueOf(context, "[name for name in dir() if name in ('numpy', 'pandas', 'plt')]")).toBe("[]");
  });

  test("has the directory and the environment that it was asked for", async () => {
    await box.sandbox.mkdir("sub");
    const context = await box.context({ cwd: "sub", env: { OWN: "1", TZ: "Pacific/Auckland" } });
    const state = await valueOf(
      context,
      "import os, time; [os.path.basename(os.getcwd()), os.environ['OWN'], time.tzname[0]]",
    );
    expect(state).toBe("['sub', '1', 'NZST']");
  });

  test("with variables that count when Python starts gets a Python that was started with them", async () => {
    const isRandomized = "import sys; sys.flags.hash_randomization";
    const context = await box.context({ env: { PYTHONHASHSEED: "0" } });
    expect(await valueOf(context, isRandomized)).toBe("0");
    expect(await valueOf(await box.context(), isRandomized)).toBe("1");
  });

  test("is never a spare in the list", async () => {
    const sandbox = await box.create();
    await sandbox.runCode("1");
    expect(await sandbox.listCodeContexts()).toHaveLength(1);
  });
});
