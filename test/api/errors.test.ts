import { localLanguages } from "@kernelbox/runtime-local";
import { AbortError, KernelboxError, Sandbox } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

const codes = new Set(
  (
    "invalid-argument engine-unavailable image-not-found box-start-failed box-exited sandbox-not-found sandbox-options-conflict " +
    "capability-unsupported language-unavailable context-not-found context-lost queue-timeout aborted tunnel-lost journal-gap " +
    "protocol-mismatch protocol-error file-not-found file-exists permission-denied no-space process-not-found port-timeout"
  ).split(" "),
);

/** A language that this machine cannot offer, and what it needs. */
const [missingHere] = Object.entries((await localLanguages(process.env["PATH"] ?? "/usr/bin:/bin")).missing);

describeOnEveryRuntime("errors", (box) => {
  const unchecked = (options: unknown): never => options as never;

  const failures: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ["an unknown language", "language-unavailable", () => box.sandbox.runCode("1", { language: "klingon" })],
    ["an unknown context", "context-not-found", () => box.sandbox.runCode("1", { context: "no-such-context" })],
    [
      "both context and language",
      "invalid-argument",
      () => box.sandbox.runCode("1", { context: "x", language: "python" }),
    ],
    ["code that is no string", "invalid-argument", () => box.sandbox.runCode(unchecked(42))],
    ["no code", "invalid-argument", () => box.sandbox.runCode(unchecked(undefined))],
    ["a negative timeoutMs", "invalid-argument", () => box.sandbox.runCode("1", { timeoutMs: -1 })],
    ["a timeoutMs that is no number", "invalid-argument", () => box.sandbox.runCode("1", { timeoutMs: Number.NaN })],
    ["a negative queueTimeoutMs", "invalid-argument", () => box.sandbox.runCode("1", { queueTimeoutMs: -1 })],
    [
      "an env value that is no string",
      "invalid-argument",
      () => box.sandbox.runCode("1", { env: unchecked({ A: 1 }) }),
    ],
    ["an env name with =", "invalid-argument", () => box.sandbox.runCode("1", { env: { "A=B": "1" } })],
    ["args that are no strings", "invalid-argument", () => box.sandbox.runCode("1", { args: unchecked([1]) })],
    [
      "negative maxOutputBytes",
      "invalid-argument",
      () => box.sandbox.runCode("1", { maxOutputBytes: { text: -1, rich: 1 } }),
    ],
    ["a path that does not exist", "file-not-found", () => box.sandbox.readFile("no/such")],
    ["an empty path", "invalid-argument", () => box.sandbox.readFile("")],
    ["a path with a zero byte", "invalid-argument", () => box.sandbox.readFile("a\0b")],
    [
      "an encoding that there is not",
      "invalid-argument",
      () => box.sandbox.readFile("x", { encoding: unchecked("latin9") }),
    ],
    ["data of a wrong type", "invalid-argument", () => box.sandbox.writeFile("x", unchecked(42))],
    ["an empty command", "invalid-argument", () => box.sandbox.exec([])],
    ["an unknown sandbox", "sandbox-not-found", () => Sandbox.connect("no-such", { runtime: box.runtime })],
    [
      "an option that there is not",
      "invalid-argument",
      () => Sandbox.create({ runtime: box.runtime, memory: 12 } as never),
    ],
  ];

  test.each(failures)("%s is %s", async (_, code, call) => {
    const failure = await call().then(
      () => "nothing was thrown",
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code });
  });

  test.each(failures)("%s: one root class, a code of the list, a message in words", async (_, _code, call) => {
    const failure: unknown = await call().catch((error: unknown) => error);
    if (!KernelboxError.isInstance(failure)) throw new Error(`not a KernelboxError: ${String(failure)}`);
    expect(failure).toBeInstanceOf(KernelboxError);
    expect(codes).toContain(failure.code);
    expect(failure.message.length).toBeGreaterThan(10);
    expect(failure.message).not.toMatch(/\[object Object\]|ZodError/);
  });

  test("an abort is an AbortError with the code aborted", async () => {
    const failure: unknown = await box.sandbox
      .runCode("1", { signal: AbortSignal.abort("why") })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AbortError);
    expect(failure).toMatchObject({ name: "AbortError", code: "aborted", cause: "why" });
  });

  test("a wrong call leaves the sandbox working", async () => {
    await Promise.allSettled(failures.map(([, , call]) => call()));
    expect((await box.sandbox.runCode("1 + 1")).text).toBe("2");
  });

  describe("what the message says", () => {
    test("a language that the box does not have: those that it has, and how to get it", async ({ skip }) => {
      const wanted = box.isContainer ? (["rust", "kernelbox/polyglot"] as const) : missingHere;
      if (wanted === undefined) return skip("this machine has all languages");
      const [language, way] = wanted;
      const failure = await box.sandbox.runCode("1", { language }).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "language-unavailable", message: expect.stringContaining(language) });
      expect(failure).toMatchObject({ message: expect.stringMatching(/python/) });
      expect(failure).toMatchObject({ message: expect.stringContaining(way) });
    });

    test("an unknown context: its id", async () => {
      const failure = await box.sandbox.getCodeContext("abc-123").catch((error: unknown) => error);
      expect(failure).toMatchObject({ message: expect.stringContaining("abc-123") });
    });

    test("an unhandled rejection never comes of a failed call", async () => {
      const unhandled: unknown[] = [];
      const listener = (reason: unknown): void => void unhandled.push(reason);
      process.on("unhandledRejection", listener);
      await Promise.allSettled(failures.map(([, , call]) => call()));
      await new Promise((resolve) => setImmediate(resolve));
      process.off("unhandledRejection", listener);
      expect(unhandled).toEqual([]);
    });
  });
});
