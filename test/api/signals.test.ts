import { Sandbox, getSandbox } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { endlessLoop } from "../helpers/python.ts";
import { signal as newSignal } from "../helpers/signal.ts";

describeOnEveryRuntime("every call that waits takes a signal", (box) => {
  const { runtime } = box;
  const calls: readonly (readonly [string, (signal: AbortSignal) => Promise<unknown>])[] = [
    ["Sandbox.create", (signal) => Sandbox.create({ runtime, signal })],
    ["getSandbox", (signal) => getSandbox(`signal-${crypto.randomUUID().slice(0, 8)}`, { runtime, signal })],
    ["Sandbox.connect", (signal) => Sandbox.connect(box.sandbox.id, { runtime, signal })],
    ["Sandbox.list", (signal) => Sandbox.list({ runtime, signal })],
    ["Sandbox.stop", (signal) => Sandbox.stop(box.sandbox.id, { runtime, signal })],
    ["usage", (signal) => box.sandbox.usage({ signal })],
    ["runCode", (signal) => box.sandbox.runCode("1", { signal })],
    ["streamCode", (signal) => box.sandbox.streamCode("1", { signal }).next()],
    ["createCodeContext", (signal) => box.sandbox.createCodeContext({ signal })],
    ["listCodeContexts", (signal) => box.sandbox.listCodeContexts({ signal })],
    ["getCodeContext", (signal) => box.sandbox.getCodeContext("x", { signal })],
    ["defaultCodeContext", (signal) => box.sandbox.defaultCodeContext("python", { signal })],
    ["deleteCodeContext", (signal) => box.sandbox.deleteCodeContext("x", { signal })],
    ["exposeJupyter", (signal) => box.sandbox.exposeJupyter({ signal })],
    ["writeFile", (signal) => box.sandbox.writeFile("x", "y", { signal })],
    ["writeFiles", (signal) => box.sandbox.writeFiles({ x: "y" }, { signal })],
    ["readFile", (signal) => box.sandbox.readFile("x", { signal })],
    ["listFiles", (signal) => box.sandbox.listFiles(".", { signal })],
    ["statFile", (signal) => box.sandbox.statFile(".", { signal })],
    ["deleteFile", (signal) => box.sandbox.deleteFile("x", { signal })],
    ["mkdir", (signal) => box.sandbox.mkdir("x", { signal })],
    ["exists", (signal) => box.sandbox.exists("x", { signal })],
    ["exec", (signal) => box.sandbox.exec("true", { signal })],
  ];
  const contextCalls: readonly (readonly [
    string,
    (context: Awaited<ReturnType<typeof box.context>>, signal: AbortSignal) => Promise<unknown>,
  ])[] = [
    ["restart", (context, signal) => context.restart({ signal })],
    ["interrupt", (context, signal) => context.interrupt({ signal })],
    ["complete", (context, signal) => context.complete("impo", 4, { signal })],
    ["inspect", (context, signal) => context.inspect("print", 5, { signal })],
    ["variables", (context, signal) => context.variables({ signal })],
    ["listExecutions", (context, signal) => context.listExecutions({ signal })],
    ["attachExecution", (context, signal) => context.attachExecution("x", { signal })],
    ["open", (context, signal) => context.open({ signal })],
    ["delete", (context, signal) => context.delete({ signal })],
  ];

  test.each(calls)("%s", async (_, call) => {
    const reason = new Error("not wanted");
    await expect(call(AbortSignal.abort(reason))).rejects.toMatchObject({ name: "AbortError", cause: reason });
  });

  test.each(contextCalls)("context.%s", async (_, call) => {
    const reason = new Error("not wanted");
    const context = await box.context();
    await expect(call(context, AbortSignal.abort(reason))).rejects.toMatchObject({ name: "AbortError", cause: reason });
  });

  test("and the sandbox works on after all of them", async () => {
    expect((await box.sandbox.runCode("6 * 7")).text).toBe("42");
  });

  describe("also while it waits behind a running cell", () => {
    test.each(contextCalls.filter(([name]) => ["complete", "inspect", "variables"].includes(name)))(
      "context.%s",
      async (_, call) => {
        const context = await box.context();
        const started = newSignal();
        const running = context.runCode(endlessLoop, { onStart: () => started.reach() });
        await started.reached;
        const abort = new AbortController();
        const waiting = call(context, abort.signal);
        abort.abort();
        await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
        await context.interrupt();
        expect((await running).status).toBe("interrupted");
      },
    );
  });
});
