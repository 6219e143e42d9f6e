import { type CodeContext, type Execution, type RunCodeOptions, Sandbox } from "kernelbox";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FoundProcess, processesWith } from "../helpers/box-processes.ts";
import { type LanguageRuntime, languageRuntimes } from "../language-runtimes.ts";
import { type ForkCells, forkCells } from "../helpers/fork-cells.ts";

/** The same claims for every language whose contexts can be copied. */
for (const [language, cells] of Object.entries(forkCells)) {
  for (const underTest of languageRuntimes(language)) {
    describe(`copies of contexts of ${language} on ${underTest.name}`, () =>
      describeCopies(language, cells, underTest));
  }
}

async function print(context: CodeContext, code: string, options: RunCodeOptions = {}): Promise<string> {
  const { logs, error } = await context.runCode(code, { timeoutMs: 20_000, ...options });
  if (error) throw new Error(`${error.name}: ${error.message}`);
  return logs.stdout.join("").trim();
}

function describeCopies(language: string, cells: ForkCells, { runtime, image, isContainer }: LanguageRuntime): void {
  const cleanUps: (() => Promise<unknown>)[] = [];
  let sandbox: Sandbox;
  const start = (kernels: object = {}, env: Record<string, string> = {}): Promise<Sandbox> =>
    Sandbox.create({ runtime, ...(image !== undefined && { image }), kernels: { preload: false, ...kernels }, env });
  const own = <T extends { delete(): Promise<void> }>(context: T): T => {
    cleanUps.push(() => context.delete());
    return context;
  };
  const create = async (value: number): Promise<CodeContext> => {
    const context = own(await sandbox.createCodeContext({ language }));
    await print(context, cells.set(value));
    return context;
  };
  const forkOf = async (context: CodeContext): Promise<CodeContext> => own(await context.fork());

  beforeAll(async () => {
    sandbox = await start();
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  });
  afterAll(() => sandbox?.stop());

  test("a fork has the variables, the functions and the count; then both go their own way", async () => {
    const context = await create(5);
    await print(context, cells.define);
    const fork = await forkOf(context);
    expect(fork).toMatchObject({ language, isDefault: false, forkWarnings: [] });
    expect(fork.id).not.toBe(context.id);
    const run = await fork.runCode(cells.call);
    expect([run.logs.stdout.join("").trim(), run.executionCount]).toEqual(["10", 3]);
    await print(fork, cells.set(6));
    expect([await print(fork, cells.call), await print(context, cells.call)]).toEqual(["12", "10"]);
    expect(await print(fork, cells.pid)).not.toBe(await print(context, cells.pid));
    expect((await sandbox.listCodeContexts()).map(({ id }) => id)).toContain(fork.id);
    await print(fork, cells.fill.code);
    const { usage } = await fork.runCode(cells.slow);
    expect(usage?.peakMemoryBytes ?? Infinity).toBeGreaterThan(cells.fill.bytes);
  });

  test("what the language has besides is there in a fork, a restored context and the original alike", async () => {
    const context = await create(1);
    await print(context, cells.state.setup);
    await using checkpoint = await context.checkpoint();
    const fork = await forkOf(context);
    expect(await print(fork, cells.state.look)).toBe(cells.state.shown);
    expect(await print(context, cells.state.look)).toBe(cells.state.shown);
    await context.restore(checkpoint);
    expect(await print(context, cells.state.look)).toBe(cells.state.shown);
  });

  test.runIf(cells.atEnd)("what is planned for the end of the process is not done by copies", async () => {
    const context = await create(1);
    await print(context, cells.atEnd?.plan ?? "");
    const fork = await context.fork();
    const checkpoint = await context.checkpoint();
    await context.restore(checkpoint);
    await checkpoint.drop();
    await fork.delete();
    expect(await print(context, cells.atEnd?.look ?? "")).toBe("not done");
  });

  test("a fork of a fork works, and outlives its parents", async () => {
    let context = await sandbox.createCodeContext({ language });
    await print(context, cells.set(1));
    for (let step = 2; step < 4; step += 1) {
      const fork = await context.fork();
      await context.delete();
      expect(await print(fork, cells.show)).toBe(String(step - 1));
      await print(fork, cells.set(step));
      context = fork;
    }
    own(context);
    expect(await print(context, cells.show)).toBe("3");
  });

  test("a fork is made when the cells before it have run; one that is given up is not made", async () => {
    const context = await create(1);
    const before = (await sandbox.listCodeContexts()).length;
    const slow = context.runCode(cells.slow);
    const givenUp = context.fork({ signal: AbortSignal.timeout(100) });
    await expect(givenUp).rejects.toMatchObject({ name: "AbortError" });
    const fork = await forkOf(context);
    expect(await print(fork, cells.show)).toBe("7");
    expect((await slow).status).toBe("ok");
    expect(await sandbox.listCodeContexts()).toHaveLength(before + 1);
  });

  test("several forks at a time run side by side", async () => {
    const context = await create(1);
    const forks = await Promise.all([1, 2, 3].map(() => forkOf(context)));
    await Promise.all(forks.map((fork, index) => print(fork, cells.set(10 + index))));
    expect(await Promise.all(forks.map((fork) => print(fork, cells.show)))).toEqual(["10", "11", "12"]);
    expect(await print(context, cells.show)).toBe("1");
  });

  test("a fork is stopped, asks, crashes and restarts as any context", async () => {
    const parent = await create(1);
    const fork = await forkOf(parent);
    expect(await fork.runCode(cells.endless, { timeoutMs: 500 })).toMatchObject({
      status: "timed-out",
      contextState: "kept",
    });
    expect(await print(fork, cells.ask, { onInput: () => "typed" })).toBe("typed");
    expect(await print(fork, cells.show)).toBe("1");
    const crash = await fork.runCode(cells.crash);
    if (cells.exit === undefined) {
      expect(crash).toMatchObject({ status: "error", contextState: "kept" });
      expect(await print(await forkOf(fork), cells.show)).toBe("1");
      expect(await fork.runCode(cells.crash)).toMatchObject({ status: "error", contextState: "kept" });
      expect(await print(fork, cells.show)).toBe("1");
    } else {
      expect(crash).toMatchObject({ status: "kernel-died", contextState: "lost" });
      const last = await forkOf(parent);
      const exit = await last.runCode(cells.exit);
      expect(exit).toMatchObject({ status: "kernel-died", contextState: "lost" });
      // Without a C compiler on this machine, the local runtime cannot tell how.
      expect(isContainer ? [3] : [3, null]).toContain(exit.exitCode ?? null);
    }
    await fork.restart();
    await print(fork, cells.set(2));
    expect([await print(fork, cells.show), await print(parent, cells.show)]).toEqual(["2", "1"]);
  });

  test("a fork says what it could not take over, and a checkpoint does, too", async () => {
    const context = await create(1);
    await context.runCode(cells.lost.code);
    const fork = await forkOf(context);
    expect(fork.forkWarnings).toEqual([expect.stringMatching(cells.lost.warning)]);
    expect(await print(fork, cells.show)).toBe("1");
    await using checkpoint = await context.checkpoint();
    expect(checkpoint.warnings).toEqual([expect.stringMatching(cells.lost.warning)]);
  });

  test("a checkpoint gives variables and count back, any number of times, under the same id, also to a fork", async () => {
    const context = await forkOf(await create(1));
    await using checkpoint = await context.checkpoint({ label: "before" });
    expect(checkpoint).toMatchObject({ contextId: context.id, label: "before", executionCount: 1, warnings: [] });
    for (let round = 0; round < 2; round += 1) {
      await print(context, cells.set(2));
      await context.restore(checkpoint);
      const run = await context.runCode(cells.show);
      expect([run.logs.stdout.join("").trim(), run.executionCount]).toEqual(["1", 2]);
    }
    expect((await sandbox.listCodeContexts()).filter(({ id }) => id === context.id)).toHaveLength(1);
  });

  test("a checkpoint is restored in its turn, and after a crash and a hang", async () => {
    const context = await create(1);
    await using checkpoint = await context.checkpoint();
    const slow = context.runCode(cells.slow);
    const restored = context.restore(checkpoint);
    expect((await slow).status).toBe("ok");
    await restored;
    expect(await print(context, cells.show)).toBe("1");
    await context.runCode(cells.crash);
    await context.restore(checkpoint.id);
    expect(await print(context, cells.show)).toBe("1");
    expect((await context.runCode(cells.deaf, { timeoutMs: 500 })).status).toBe("timed-out");
    await context.restore(checkpoint);
    expect(await print(context, cells.show)).toBe("1");
  });

  test("a checkpoint has a size, which grows as the context changes what they share, and is dropped", async () => {
    const context = await create(1);
    await print(context, cells.fill.code);
    const checkpoint = await context.checkpoint({ label: "big" });
    await print(context, cells.fill.change);
    const [row] = await context.listCheckpoints();
    expect(row).toMatchObject({ id: checkpoint.id, label: "big" });
    expect(row?.sizeBytes ?? 0).toBeGreaterThan(cells.fill.bytes * 0.9);
    await checkpoint.drop();
    await checkpoint.drop();
    expect(await context.listCheckpoints()).toEqual([]);
    await expect(context.restore(checkpoint)).rejects.toMatchObject({ code: "invalid-argument" });
    expect(await print(context, cells.show)).toBe("1");
  });

  test.each(["fail", "crash", "endless", "deaf"] as const)(
    "a run with undoOnError whose code would %s leaves the variables as they were",
    async (how) => {
      const context = await create(1);
      const run = context.runCode(cells[how], { undoOnError: true, timeoutMs: 1_000 });
      const next = print(context, cells.show);
      expect(await run).toMatchObject({ isUndone: true, contextState: "kept" });
      expect(await next).toBe("1");
    },
  );

  test("a run with undoOnError that ends well keeps what it did", async () => {
    const context = await create(1);
    const run = await context.runCode(cells.set(2), { undoOnError: true });
    expect([run.status, run.isUndone]).toEqual(["ok", undefined]);
    expect(await print(context, cells.show)).toBe("2");
    expect(await context.listCheckpoints()).toEqual([]);
  });

  test("a language that cannot be copied is refused, and the error names this one", async () => {
    const context = own(await sandbox.createCodeContext({ language: "javascript" }));
    const refusal = { code: "capability-unsupported", message: expect.stringMatching(new RegExp(`: .*${language}`)) };
    await expect(context.fork()).rejects.toMatchObject(refusal);
    await expect(context.checkpoint()).rejects.toMatchObject(refusal);
  });

  test.runIf(language === "php")("a PHP without ffi is refused, and goes on", async () => {
    await sandbox.writeFile("ini/no-ffi.ini", "ffi.enable=0");
    const { text } = await sandbox.runCode("getcwd()", { language });
    const env = { PHP_INI_SCAN_DIR: `:${text ?? ""}/ini` };
    const context = own(await sandbox.createCodeContext({ language, env }));
    await expect(context.fork()).rejects.toMatchObject({ code: "capability-unsupported" });
    await expect(context.checkpoint()).rejects.toMatchObject({ code: "capability-unsupported" });
    expect((await context.runCode("6 * 7")).text).toBe("42");
  });

  test("without spares all is the same, the oldest checkpoint makes room, and no process is left behind", async () => {
    const mark = crypto.randomUUID();
    const box = await start({ spares: 0, checkpoints: { count: 2 } }, { FORKS: mark });
    cleanUps.push(() => box.stop());
    // Of this box alone: one without isolation sees all of the machine.
    const processes = (): readonly FoundProcess[] => processesWith(`FORKS=${mark}`);
    const before = new Set(processes().map(({ pid }) => pid));
    const context = await box.createCodeContext({ language });
    await print(context, cells.set(1));
    const fork = await context.fork();
    await print(fork, cells.set(2));
    for (let count = 0; count < 3; count += 1) await fork.checkpoint({ label: String(count) });
    const kept = await fork.listCheckpoints();
    expect(kept.map(({ label }) => label)).toEqual(["1", "2"]);
    // A process of the kernel that runs cells may live on where the one that answers is killed.
    let endless: Promise<Execution> | undefined;
    await new Promise((resolve) => (endless = fork.runCode(`${cells.show}\n${cells.endless}`, { onStdout: resolve })));
    const hosts = processes().filter(({ command }) => command.some((word) => word.endsWith("kernel.cjs")));
    for (const { pid } of hosts) process.kill(pid, "SIGKILL");
    if (hosts.length === 0) await fork.interrupt();
    expect((await endless)?.status).toBe(hosts.length > 0 ? "kernel-died" : "interrupted");
    await fork.restore(kept[1]?.id ?? "");
    expect(await print(fork, cells.show)).toBe("2");
    await context.delete();
    await fork.delete();
    const left = (): readonly string[] =>
      processes().flatMap(({ pid, command }) => (before.has(pid) ? [] : [command.join(" ")]));
    await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  });
}
