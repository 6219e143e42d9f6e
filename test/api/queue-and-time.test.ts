import { Sandbox } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { endlessLoop } from "../helpers/python.ts";
import { signal } from "../helpers/signal.ts";

describeOnEveryRuntime("queue and time", (box) => {
  describe("the queue of a context", () => {
    test("calls run in the order in which they were made", async () => {
      const context = await box.context();
      await context.runCode("seen = []");
      await Promise.all(Array.from({ length: 20 }, (_, index) => context.runCode(`seen.append(${index})`)));
      expect((await context.runCode("seen == list(range(20))")).text).toBe("True");
    });

    test("the output of each run is its own", async () => {
      const context = await box.context();
      const executions = await Promise.all(
        Array.from({ length: 10 }, (_, index) => context.runCode(`print(${index})\n${index}`)),
      );
      expect(executions.map(({ logs, text }) => [logs.stdout, text])).toEqual(
        Array.from({ length: 10 }, (_, index) => [[`${index}\n`], String(index)]),
      );
    });

    test("a failed run does not cancel the queued ones", async () => {
      const context = await box.context();
      const [first, second, third] = await Promise.all([
        context.runCode("1 / 0"),
        context.runCode("2"),
        context.runCode("3"),
      ]);
      expect([first.status, second.text, third.text]).toEqual(["error", "2", "3"]);
    });

    test("when the kernel dies, what was queued is context-lost and the next run works, empty", async () => {
      const context = await box.context();
      const [first, second, third] = await Promise.allSettled([
        context.runCode("x = 1\nimport os, time\ntime.sleep(0.3)\nos._exit(7)"),
        context.runCode("x"),
        context.runCode("x"),
      ]);
      expect(first).toMatchObject({ value: { status: "kernel-died", contextState: "lost" } });
      expect(second).toMatchObject({ reason: { code: "context-lost" } });
      expect(third).toMatchObject({ reason: { code: "context-lost" } });
      expect((await context.runCode("x")).error?.name).toBe("NameError");
    });

    test("queueTimeoutMs ends the waiting, and the run never starts", async () => {
      const context = await box.context();
      const started = signal();
      const first = context.runCode(endlessLoop, { onStart: () => started.reach() });
      await started.reached;
      await expect(context.runCode("ran = True", { queueTimeoutMs: 200 })).rejects.toMatchObject({
        code: "queue-timeout",
      });
      await context.interrupt();
      await first;
      expect((await context.runCode("ran")).error?.name).toBe("NameError");
    });

    test("queueTimeoutMs does not touch a run that started", async () => {
      const execution = await box.sandbox.runCode("import time; time.sleep(0.6); 'done'", { queueTimeoutMs: 300 });
      expect(execution.text).toBe("done");
    });
  });

  describe("the time limit", () => {
    test("a timed-out run is data, with what it printed until then", async () => {
      const context = await box.context();
      const execution = await context.runCode(`print('before', flush=True)\n${endlessLoop}`, { timeoutMs: 500 });
      expect(execution).toMatchObject({
        status: "timed-out",
        contextState: "kept",
        logs: { stdout: ["before\n"] },
        error: { name: "ExecutionTimedOut", message: expect.stringContaining("500") },
      });
    });

    test("the call's limit goes before the context's, and that before the sandbox's", async () => {
      const context = await box.context({ timeoutMs: 200 });
      expect((await context.runCode("import time; time.sleep(0.5); 'long'", { timeoutMs: 5000 })).text).toBe("long");
      expect((await context.runCode(endlessLoop)).status).toBe("timed-out");
    });

    test("0 is no limit", async () => {
      const context = await box.context({ timeoutMs: 200 });
      expect((await context.runCode("import time; time.sleep(0.5); 'long'", { timeoutMs: 0 })).text).toBe("long");
    });

    test("waiting in the queue does not count", async () => {
      const context = await box.context();
      const first = context.runCode("import time; time.sleep(1)");
      const second = context.runCode("'in time'", { timeoutMs: 500 });
      await first;
      expect((await second).text).toBe("in time");
    });

    test("waiting for input counts", async () => {
      const context = await box.context();
      const never = new Promise<string>(() => undefined);
      const execution = await context.runCode("input()", { timeoutMs: 400, onInput: () => never });
      expect(execution.status).toBe("timed-out");
      expect((await context.runCode("'free again'")).text).toBe("free again");
    });

    test("the run after a timed-out one works at once", async () => {
      const context = await box.context();
      await context.runCode("x = 41");
      const [first, second] = await Promise.all([
        context.runCode(endlessLoop, { timeoutMs: 300 }),
        context.runCode("x + 1"),
      ]);
      expect([first.status, second.text]).toEqual(["timed-out", "42"]);
    });

    test("boxd keeps the time of a run whose client is gone", async () => {
      const context = await box.context();
      const other = await Sandbox.connect(box.sandbox.id, { runtime: box.runtime });
      const started = signal<string>();
      const running = other
        .runCode(endlessLoop, {
          context: context.id,
          timeoutMs: 1000,
          onStart: ({ executionId }) => started.reach(executionId),
        })
        .catch((error: unknown) => error);
      const id = await started.reached;
      await other.disconnect();
      await running;
      expect((await context.attachExecution(id)).status).toBe("timed-out");
    });

    test("a child that holds stdout open does not hold up the end", async () => {
      const context = await box.context();
      const execution = await context.runCode("import subprocess; child = subprocess.Popen(['sleep', '30']); 'done'");
      expect(execution.text).toBe("done");
      await context.runCode("child.kill(); child.wait()");
    });
  });

  test("a slow callback beside a fast kernel loses nothing", async () => {
    const context = await box.context();
    let characters = 0;
    const execution = await context.runCode("for i in range(5000): print('x' * 100, flush=True)", {
      onStdout: async ({ text }) => {
        characters += text.length;
        await new Promise((resolve) => setImmediate(resolve));
      },
    });
    expect([execution.logs.stdout.length, characters]).toEqual([5000, 5000 * 101]);
  });
});
