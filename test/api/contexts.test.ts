import type { Sandbox } from "kernelbox";
import { type ExecutionEvent } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { endlessLoop } from "../helpers/python.ts";
import { signal } from "../helpers/signal.ts";

describeOnEveryRuntime("contexts", (box) => {
  describe("making", () => {
    test("each context has its own variables", async () => {
      const [first, second] = [await box.context(), await box.context()];
      await first.runCode("x = 1");
      expect((await second.runCode("x")).error?.name).toBe("NameError");
    });

    test("cwd and env reach the code", async () => {
      await box.sandbox.mkdir("own-cwd");
      const cwd = `${box.sandbox.workdir}/own-cwd`;
      const context = await box.context({ cwd, env: { KERNELBOX_TEST: "a'b\"c" } });
      expect((await context.runCode("import os; os.getcwd()")).text).toBe(cwd);
      expect((await context.runCode("os.environ['KERNELBOX_TEST']")).text).toBe("a'b\"c");
    });

    test("a relative cwd starts at the workdir", async () => {
      await box.sandbox.mkdir("relative-cwd");
      const context = await box.context({ cwd: "relative-cwd" });
      expect(context.cwd).toBe(`${box.sandbox.workdir}/relative-cwd`);
    });

    test("a cwd that does not exist is an error", async () => {
      await expect(box.context({ cwd: "no-such-directory" })).rejects.toMatchObject({ code: "file-not-found" });
    });

    test("timeoutMs of the context holds for its runs", async () => {
      const context = await box.context({ timeoutMs: 300 });
      expect((await context.runCode(endlessLoop)).status).toBe("timed-out");
    });

    test.each(["python", "py", "python3"])("%s is Python", async (language) => {
      expect((await box.context({ language })).language).toBe("python");
    });

    test("an unknown language lists those that there are", async () => {
      const failure = await box.context({ language: "klingon" }).catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: "language-unavailable",
        message: expect.stringMatching(/klingon.*python/s),
      });
    });

    test("ten contexts are made at once", async () => {
      const contexts = await Promise.all(Array.from({ length: 10 }, () => box.context()));
      const executions = await Promise.all(contexts.map((context, index) => context.runCode(String(index))));
      expect(executions.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, index) => String(index)));
    });
  });

  describe("listing and finding", () => {
    test("a row has id, language, cwd, times, status and count", async () => {
      const context = await box.context();
      await context.runCode("1");
      const row = (await box.sandbox.listCodeContexts()).find(({ id }) => id === context.id);
      expect(row).toMatchObject({ language: "python", cwd: box.sandbox.workdir, status: "idle", executionCount: 1 });
      expect(Date.parse(row?.lastUsedAt ?? "")).toBeGreaterThanOrEqual(Date.parse(row?.createdAt ?? ""));
    });

    test("a context whose kernel starts is starting, and is dead where it cannot start again", async () => {
      const sandbox = box.sandbox;
      await sandbox.mkdir("passing");
      const making = sandbox.createCodeContext({ cwd: "passing" });
      const states = async (): Promise<readonly string[]> =>
        (await sandbox.listCodeContexts()).filter(({ cwd }) => cwd.endsWith("/passing")).map(({ status }) => status);
      await expect.poll(states, { interval: 5 }).toEqual(["starting"]);
      const context = await making;
      box.defer(() => sandbox.deleteCodeContext(context));
      await sandbox.deleteFile("passing", { recursive: true });
      await expect(context.restart()).rejects.toMatchObject({ name: "KernelboxError" });
      expect(await states()).toEqual(["dead"]);
      await expect(context.runCode("1")).rejects.toMatchObject({ code: "context-lost" });
      await sandbox.mkdir("passing");
      await context.restart();
      expect((await context.runCode("1 + 1")).text).toBe("2");
    });

    test("a context that runs is busy", async () => {
      const context = await box.context();
      const started = signal();
      const running = context.runCode(endlessLoop, { onStart: () => started.reach() });
      await started.reached;
      const rows = await box.sandbox.listCodeContexts();
      await context.interrupt();
      await running;
      expect(rows.find(({ id }) => id === context.id)?.status).toBe("busy");
    });

    test("a context is found by its id, with its variables", async () => {
      const context = await box.context();
      await context.runCode("x = 41");
      const same = await box.sandbox.getCodeContext(context.id);
      expect(same.id).toBe(context.id);
      expect((await same.runCode("x + 1")).text).toBe("42");
    });

    test("an unknown id is context-not-found", async () => {
      await expect(box.sandbox.getCodeContext("no-such-context")).rejects.toMatchObject({ code: "context-not-found" });
    });
  });

  describe("the default", () => {
    test("runCode without a context uses the default context", async () => {
      const context = await box.sandbox.defaultCodeContext("python");
      const execution = await box.sandbox.runCode("y = 1");
      expect(execution.contextId).toBe(context.id);
    });

    test("the default is the same each time, also at once", async () => {
      const contexts = await Promise.all(
        ["python", "py", undefined].map((language) => box.sandbox.defaultCodeContext(language)),
      );
      expect(new Set(contexts.map(({ id }) => id)).size).toBe(1);
    });

    test("lists include the default", async () => {
      const context = await box.sandbox.defaultCodeContext();
      expect((await box.sandbox.listCodeContexts()).map(({ id }) => id)).toContain(context.id);
    });

    test("a context that a user made is never the default", async () => {
      const sandbox = await box.create();
      const own = await sandbox.createCodeContext();
      expect((await sandbox.runCode("1")).contextId).not.toBe(own.id);
    });

    test("a deleted default is made again, empty", async () => {
      const sandbox = await box.create();
      const before = await sandbox.runCode("x = 1");
      await sandbox.deleteCodeContext(before.contextId);
      const after = await sandbox.runCode("x");
      expect(after.contextId).not.toBe(before.contextId);
      expect(after.error?.name).toBe("NameError");
    });
  });

  describe("deleting", () => {
    test.each([
      ["a handle", async (sandbox: Sandbox) => sandbox.createCodeContext()],
      ["an id", async (sandbox: Sandbox) => (await sandbox.createCodeContext()).id],
      [
        "a list row",
        async (sandbox: Sandbox) => {
          const { id } = await sandbox.createCodeContext();
          const row = (await sandbox.listCodeContexts()).find((each) => each.id === id);
          if (row === undefined) throw new Error("the new context is not in the list");
          return row;
        },
      ],
    ])("%s names the context to delete", async (_, make) => {
      const target = await make(box.sandbox);
      await box.sandbox.deleteCodeContext(target);
      const id = typeof target === "string" ? target : target.id;
      expect((await box.sandbox.listCodeContexts()).map((row) => row.id)).not.toContain(id);
    });

    test("an unknown context is an error", async () => {
      await expect(box.sandbox.deleteCodeContext("no-such-context")).rejects.toMatchObject({
        code: "context-not-found",
      });
    });

    test("context.delete and disposing delete", async () => {
      const [first, second] = [await box.context(), await box.context()];
      await first.delete();
      await second[Symbol.asyncDispose]();
      const ids = (await box.sandbox.listCodeContexts()).map(({ id }) => id);
      expect(ids).not.toContain(first.id);
      expect(ids).not.toContain(second.id);
    });

    test("a deleted context runs nothing", async () => {
      const context = await box.context();
      await context.delete();
      await expect(context.runCode("1")).rejects.toMatchObject({ code: "context-not-found" });
    });

    test("what runs in a deleted context ends", async () => {
      const context = await box.context();
      const running = context.runCode(endlessLoop, { onStart: () => void context.delete() });
      // Its last reply and the news of the deletion come by two ways: whichever is first says how it ended.
      const ended = await running.then(
        ({ status, contextState }) => `${status}, ${contextState}`,
        (error: { code?: string }) => error.code,
      );
      expect(["interrupted, lost", "context-lost", "context-not-found"]).toContain(ended);
    });
  });

  describe("restart", () => {
    test("keeps id, cwd and env, and loses the variables", async () => {
      await box.sandbox.mkdir("restart-cwd");
      const context = await box.context({ cwd: "restart-cwd", env: { KERNELBOX_TEST: "kept" } });
      await context.runCode("x = 1");
      await context.restart();
      expect((await context.runCode("x")).error?.name).toBe("NameError");
      const { text, contextId } = await context.runCode(
        "import os; (os.getcwd().rsplit('/')[-1], os.environ['KERNELBOX_TEST'])",
      );
      expect([text, contextId]).toEqual(["('restart-cwd', 'kept')", context.id]);
    });

    test("while a cell runs and another waits: the first is interrupted, the second is context-lost, the next runs", async () => {
      const context = await box.context();
      const started = signal();
      const running = context.runCode("print('began', flush=True)\n" + endlessLoop, {
        onStdout: () => started.reach(),
      });
      const waiting = context.runCode("1").catch((error: unknown) => error);
      await started.reached;
      await context.restart();
      expect(await running).toMatchObject({
        status: "interrupted",
        contextState: "lost",
        logs: { stdout: ["began\n"] },
      });
      expect(await waiting).toMatchObject({ code: "context-lost" });
      expect((await context.runCode("2")).text).toBe("2");
    });
  });

  describe("interrupt", () => {
    test("stops the running cell only; the queued one runs", async () => {
      const context = await box.context();
      const started = signal();
      const first = context.runCode(endlessLoop, { onStart: () => started.reach() });
      const second = context.runCode("'second'");
      await started.reached;
      await context.interrupt();
      expect(await first).toMatchObject({
        status: "interrupted",
        contextState: "kept",
        error: { name: "ExecutionInterrupted" },
      });
      expect(await second).toMatchObject({ status: "ok", text: "second" });
    });

    test("of an idle context does nothing", async () => {
      const context = await box.context();
      await context.interrupt();
      expect((await context.runCode("1 + 1")).text).toBe("2");
    });

    test("a cell that ignores the interrupt is killed, and says so", async () => {
      const context = await box.context();
      const started = signal();
      const code =
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('deaf', flush=True)\nwhile True: pass";
      const running = context.runCode(code, { onStdout: () => started.reach() });
      await started.reached;
      await context.interrupt();
      expect(await running).toMatchObject({
        status: "interrupted",
        contextState: "lost",
        logs: { stdout: ["deaf\n"] },
      });
      expect((await context.runCode("1 + 1")).text).toBe("2");
    });

    test("a pending top-level await is interruptible", async () => {
      const context = await box.context();
      const running = context.runCode("import asyncio\nprint('waiting', flush=True)\nawait asyncio.sleep(600)", {
        onStdout: () => context.interrupt(),
      });
      expect((await running).status).toBe("interrupted");
    });
  });

  describe("what a kernel knows", () => {
    test("complete offers what fits at the cursor", async () => {
      const { matches, cursorStart, cursorEnd } = await box.sandbox
        .defaultCodeContext()
        .then((context) => context.complete("impo", 4));
      expect(matches).toContain("import");
      expect([cursorStart, cursorEnd]).toEqual([0, 4]);
    });

    test("inspect describes what is at the cursor", async () => {
      const context = await box.sandbox.defaultCodeContext();
      const found = await context.inspect("print", 5);
      expect(JSON.stringify(found)).toContain("Prints the values to a stream");
    });

    test("variables have name, type, short repr and size", async () => {
      const context = await box.context();
      await context.runCode("import os\nx = 41\nlong = 'ab' * 10_000\n_hidden = 1\ndef f(): pass");
      const variables = await context.variables();
      expect(variables.find(({ name }) => name === "x")).toMatchObject({ type: "int", repr: "41" });
      const long = variables.find(({ name }) => name === "long");
      expect(long?.type).toBe("str");
      expect(long?.repr.length).toBeLessThan(1000);
      expect(long?.size).toBeGreaterThan(0);
      expect(variables.map(({ name }) => name)).not.toContain("_hidden");
    });

    test("variables and complete queue behind the running cell", async () => {
      const context = await box.context();
      const running = context.runCode("import time; time.sleep(0.5); late = 7");
      const variables = await context.variables();
      await running;
      expect(variables.map(({ name }) => name)).toContain("late");
    });
  });

  describe("executions", () => {
    test("running and ended ones are listed with their code", async () => {
      const context = await box.context();
      const ended = await context.runCode("1 + 1");
      const started = signal<string>();
      const running = context.runCode(endlessLoop, { onStart: ({ executionId }) => started.reach(executionId) });
      const id = await started.reached;
      const rows = await context.listExecutions();
      await context.interrupt();
      await running;
      expect(rows.find(({ executionId }) => executionId === ended.id)).toMatchObject({
        code: "1 + 1",
        state: "ended",
        status: "ok",
      });
      expect(rows.find(({ executionId }) => executionId === id)).toMatchObject({ code: endlessLoop, state: "running" });
    });

    test("attaching to a running execution gives it from its first event", async () => {
      const context = await box.context();
      const started = signal<string>();
      const running = context.runCode("import time\nfor i in range(5): print(i, flush=True); time.sleep(0.1)\n'end'", {
        onStdout: () => undefined,
        onStart: ({ executionId }) => started.reach(executionId),
      });
      const texts: string[] = [];
      const attached = await context.attachExecution(await started.reached, {
        onStdout: ({ text }) => void texts.push(text),
      });
      expect(attached.toJSON()).toEqual((await running).toJSON());
      expect(texts.join("")).toBe("0\n1\n2\n3\n4\n");
    });

    test("attaching to an execution that ended gives it whole", async () => {
      const context = await box.context();
      const execution = await context.runCode("print('out')\n'result'");
      await context.runCode("print('another')");
      expect((await context.attachExecution(execution.id)).toJSON()).toEqual(execution.toJSON());
    });

    test("attaching to an unknown execution is an error", async () => {
      const context = await box.context();
      await expect(context.attachExecution("no-such-execution")).rejects.toMatchObject({ name: "KernelboxError" });
    });
  });

  test("what a thread prints after its cell ended goes to onLateOutput, not to the next execution", async () => {
    const context = await box.context();
    const late = signal<ExecutionEvent>();
    context.onLateOutput = (event) => late.reach(event);
    const first = await context.runCode(
      "import threading, os, time\ndef later():\n    while not os.path.exists('go'): time.sleep(0.01)\n    print('late', flush=True)\nthreading.Thread(target=later).start()",
    );
    await box.sandbox.writeFile("go", "");
    expect(await late.reached).toMatchObject({ type: "stdout", text: expect.stringContaining("late") });
    expect(first.logs.stdout).toEqual([]);
    expect((await context.runCode("1")).logs.stdout).toEqual([]);
  });
});
