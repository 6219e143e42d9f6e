import type { ExecutionEvent } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { endlessLoop } from "../helpers/python.ts";
import { signal } from "../helpers/signal.ts";

describeOnEveryRuntime("callbacks and abort", (box) => {
  describe("callbacks", () => {
    test("come in the order of the events, each awaited before the next", async () => {
      const seen: string[] = [];
      const note = (what: string) => async (): Promise<void> => {
        seen.push(`${what} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(`${what} ends`);
      };
      await box.sandbox.runCode(
        "import sys\nprint('a', flush=True)\nprint('b', file=sys.stderr, flush=True)\nfrom IPython.display import display\ndisplay(1)\n1 / 0",
        {
          onStart: note("start"),
          onStdout: note("stdout"),
          onStderr: note("stderr"),
          onResult: note("result"),
          onError: note("error"),
        },
      );
      const names = ["start", "stdout", "stderr", "result", "error"];
      expect(seen).toEqual(names.flatMap((name) => [`${name} begins`, `${name} ends`]));
    });

    test("get what the execution then has", async () => {
      const texts: string[] = [];
      const results: unknown[] = [];
      const errors: unknown[] = [];
      const execution = await box.sandbox.runCode(
        "print('out')\nfrom IPython.display import display\ndisplay('shown')\n1 / 0",
        {
          onStdout: ({ text }) => void texts.push(text),
          onResult: (result) => void results.push(result),
          onError: (error) => void errors.push(error),
        },
      );
      expect(texts.join("")).toBe(execution.logs.stdout.join(""));
      expect(results).toEqual(execution.results);
      expect(errors).toEqual([execution.error]);
    });

    test("a slow one slows the reader, never the kernel", async () => {
      const context = await box.context();
      const mayGoOn = signal();
      const running = context.runCode(
        "for i in range(1000): print(i, flush=True)\nopen('kernel-is-done', 'w').close()",
        {
          onStdout: () => mayGoOn.reached,
        },
      );
      await expect.poll(() => box.sandbox.exists("kernel-is-done"), { timeout: 15_000 }).toBe(true);
      mayGoOn.reach();
      expect((await running).logs.stdout).toHaveLength(1000);
    });

    test.each(["onStart", "onStdout", "onStderr", "onResult"] as const)(
      "an error thrown by %s interrupts the code and rejects unchanged",
      async (name) => {
        const context = await box.context();
        const own = new Error("mine");
        const code = `import sys\nfrom IPython.display import display\ndisplay(1)\nprint('x', flush=True)\nprint('y', file=sys.stderr, flush=True)\n${endlessLoop}`;
        const running = context.runCode(code, {
          [name]: () => {
            throw own;
          },
        });
        await expect(running).rejects.toBe(own);
        expect((await context.runCode("'free again'")).text).toBe("free again");
      },
    );

    test("an error thrown by onError rejects unchanged", async () => {
      const own = new Error("mine");
      const running = box.sandbox.runCode("1 / 0", {
        onError: () => {
          throw own;
        },
      });
      await expect(running).rejects.toBe(own);
      expect((await box.sandbox.runCode("'free again'")).text).toBe("free again");
    });

    test("a rejected onInput interrupts the code and rejects unchanged", async () => {
      const context = await box.context();
      const own = new Error("no answer");
      await expect(context.runCode("input()", { onInput: () => Promise.reject(own) })).rejects.toBe(own);
      expect((await context.runCode("'free again'")).text).toBe("free again");
    });

    test("a callback may run code in another context", async () => {
      const [first, second] = [await box.context(), await box.context()];
      const inner: (string | undefined)[] = [];
      await first.runCode("print('x')", {
        onStdout: async () => void inner.push((await second.runCode("6 * 7")).text),
      });
      expect(inner).toEqual(["42"]);
    });
  });

  describe("abort", () => {
    test("a signal that is aborted already runs nothing", async () => {
      const context = await box.context();
      const reason = new Error("early");
      await expect(context.runCode("ran = True", { signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
        name: "AbortError",
        cause: reason,
      });
      expect((await context.runCode("ran")).error?.name).toBe("NameError");
    });

    test("a running one is interrupted and rejects with what had arrived", async () => {
      const context = await box.context();
      const abort = new AbortController();
      const reason = { why: "user left" };
      const running = context.runCode(`print('partial', flush=True)\n${endlessLoop}`, {
        signal: abort.signal,
        onStdout: () => abort.abort(reason),
      });
      const failure = await running.catch((error: unknown) => error);
      expect(failure).toMatchObject({
        name: "AbortError",
        code: "aborted",
        cause: reason,
        execution: { logs: { stdout: ["partial\n"] } },
      });
      expect((await context.runCode("'free again'")).text).toBe("free again");
    });

    test("a queued one never starts", async () => {
      const context = await box.context();
      const started = signal();
      const first = context.runCode(endlessLoop, { onStart: () => started.reach() });
      await started.reached;
      const abort = new AbortController();
      const queued = context.runCode("ran = True", { signal: abort.signal });
      abort.abort();
      await expect(queued).rejects.toMatchObject({ name: "AbortError" });
      await context.interrupt();
      await first;
      expect((await context.runCode("ran")).error?.name).toBe("NameError");
    });

    test("an abort as its cell ends does not touch the next one", async () => {
      const context = await box.context();
      for (let round = 0; round < 20; round += 1) {
        const abort = new AbortController();
        const first = context
          .runCode("print('x', flush=True)", { signal: abort.signal, onStdout: () => abort.abort() })
          .catch((error: unknown) => error);
        const second = context.runCode("import time; time.sleep(0.05); 'whole'");
        await first;
        expect((await second).text).toBe("whole");
      }
    });

    test("an abort after the end does nothing", async () => {
      const abort = new AbortController();
      const execution = await box.sandbox.runCode("1", { signal: abort.signal });
      abort.abort();
      expect(execution.status).toBe("ok");
      expect((await box.sandbox.runCode("2")).text).toBe("2");
    });

    test("leaving a for await early interrupts", async () => {
      const context = await box.context();
      for await (const event of context.streamCode(`print('x', flush=True)\n${endlessLoop}`)) {
        if (event.type === "stdout") break;
      }
      expect((await context.runCode("'free again'")).text).toBe("free again");
    });

    test("an error thrown inside a for await interrupts", async () => {
      const context = await box.context();
      const own = new Error("mine");
      const reading = async (): Promise<void> => {
        for await (const event of context.streamCode(`print('x', flush=True)\n${endlessLoop}`)) {
          if (event.type === "stdout") throw own;
        }
      };
      await expect(reading()).rejects.toBe(own);
      expect((await context.runCode("'free again'")).text).toBe("free again");
    });

    test("an aborted stream rejects with AbortError", async () => {
      const context = await box.context();
      const abort = new AbortController();
      const seen: ExecutionEvent["type"][] = [];
      const reading = async (): Promise<void> => {
        for await (const event of context.streamCode(`print('x', flush=True)\n${endlessLoop}`, {
          signal: abort.signal,
        })) {
          seen.push(event.type);
          if (event.type === "stdout") abort.abort();
        }
      };
      await expect(reading()).rejects.toMatchObject({ name: "AbortError" });
      expect(seen.slice(0, 2)).toEqual(["start", "stdout"]);
    });
  });

  // Each on a stream of its own: faults/many-streams.test.ts.
  test("5,000 short calls over one sandbox", { timeout: 240_000 }, async () => {
    const opened = 5000;
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index < opened; index = next++) await box.sandbox.exists(`no-such-${index}`);
    };
    await Promise.all(Array.from({ length: 32 }, worker));
    expect((await box.sandbox.runCode("1 + 1")).text).toBe("2");
  });
});
