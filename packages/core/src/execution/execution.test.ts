import { stringMimeType } from "@kernelbox/protocol";
import { describe, expect, test } from "vitest";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { ExecutionEvent, ExecutionEventJson, Outcome } from "./execution-event.ts";
import { executionFromEvents } from "./execution-from-events.ts";
import { executionFromJson } from "./execution-from-json.ts";
import type { Execution } from "./execution.ts";
import { type MimeBundle, resultFromBundle } from "./result.ts";

const timestamp = "2025-01-01T00:00:00.000Z";
const outcome: Outcome = {
  status: "ok",
  executionCount: 3,
  usage: { wallMs: 5, cpuMs: null, peakMemoryBytes: 1000 },
  contextState: "kept",
};

function out(text: string): ExecutionEvent {
  return { type: "stdout", text, timestamp };
}
function show(data: MimeBundle["data"], more: Partial<MimeBundle> = {}): ExecutionEvent {
  return { type: "result", result: resultFromBundle({ data, ...more }) };
}
function error(traceback: readonly string[]): ExecutionEvent {
  return { type: "error", error: { name: "ValueError", message: "no", traceback } };
}
function events(...middle: readonly ExecutionEvent[]): readonly ExecutionEvent[] {
  const start = { type: "start", executionId: "e1", contextId: "c1", language: "python", code: "x" } as const;
  return [start, ...middle, { type: "end", outcome }];
}
function executed(...middle: readonly ExecutionEvent[]): Promise<Execution> {
  return executionFromEvents(events(...middle));
}

const rich: readonly ExecutionEvent[] = [
  out("a\r\nb"),
  show({ "image/png": "AAAA", "text/plain": "<Figure>" }, { metadata: { "image/png": { width: 1 } }, displayId: "d" }),
  error(["Cell In[3], line 1", "ValueError: no"]),
  show({ "text/plain": "'s'", [stringMimeType]: "s", "application/json": { a: [1, null] } }, { isMainResult: true }),
];

describe("JSON", () => {
  test("of an execution makes the same execution", async () => {
    const collected = await executed(...rich);
    const again = executionFromJson(JSON.parse(JSON.stringify(collected)));
    expect(again.toJSON()).toEqual(collected.toJSON());
    expect(again).toEqual(collected);
    expect(again.text).toBe("s");
    expect(again.results[0]?.png).toBe("AAAA");
    expect(again.toText()).toBe(collected.toText());
  });

  test("keeps everything that an outcome can say", async () => {
    const full: Outcome = {
      ...outcome,
      status: "error",
      truncated: { omittedBytes: 5 },
      files: { created: ["/workspace/a"], changed: ["/workspace/b"] },
      exitCode: 1,
    };
    const collected = await executionFromEvents([...rich, { type: "end", outcome: full }]);
    expect(executionFromJson(JSON.parse(JSON.stringify(collected))).toJSON()).toEqual(collected.toJSON());
    expect(collected.toJSON()).toMatchObject(full);
  });

  test("with fields that a newer version added is understood", async () => {
    const json = { ...(await executed()).toJSON(), later: 1 };
    expect(executionFromJson(json).id).toBe("e1");
  });

  test.each([[undefined], ["x"], [{}], [{ id: 1 }]])("%j is refused with a KernelboxError", (json) => {
    expect(() => executionFromJson(json)).toThrow(
      expect.objectContaining({
        code: "invalid-argument",
        message: expect.stringContaining("not the JSON of an execution"),
      }),
    );
  });
});

describe("executionFromEvents", () => {
  test("takes an async iterable", async () => {
    async function* stream(): AsyncGenerator<ExecutionEvent> {
      yield* events(out("a"));
    }
    expect((await executionFromEvents(stream())).logs.stdout).toEqual(["a"]);
  });

  test("takes events that came through JSON", async () => {
    const update = {
      type: "result-update",
      result: resultFromBundle({ data: { "image/png": "BBBB" } }),
      displayId: "d",
    } as const;
    const sent = JSON.parse(JSON.stringify(events(...rich, update))) as readonly ExecutionEventJson[];
    expect((await executionFromEvents(sent)).toJSON()).toEqual((await executed(...rich, update)).toJSON());
  });

  test("refuses events that stop before the end", async () => {
    await expect(executionFromEvents([out("a")])).rejects.toThrow(KernelboxError);
  });
});

describe("toContent", () => {
  test("gives text and pictures in the order of the output", async () => {
    const execution = await executed(
      out("before\n"),
      show({ "image/png": "AAAA", "text/plain": "<Figure>" }),
      out("between"),
      show({ "text/plain": "42" }),
      show({ "image/jpeg": "BBBB" }),
      error(["Traceback", "ValueError: no"]),
    );
    expect(execution.toContent()).toEqual([
      { type: "text", text: "before\n" },
      { type: "image", mediaType: "image/png", data: "AAAA" },
      { type: "text", text: "between\n42" },
      { type: "image", mediaType: "image/jpeg", data: "BBBB" },
      { type: "text", text: "Traceback\nValueError: no" },
    ]);
  });

  test("of nothing is empty", async () => {
    expect((await executed()).toContent()).toEqual([]);
  });

  test("says how much output was dropped", async () => {
    const dropped = { ...outcome, truncated: { omittedBytes: 123 } };
    const execution = await executionFromEvents([out("a\n"), { type: "end", outcome: dropped }]);
    expect(execution.toContent()).toEqual([
      { type: "text", text: "a\n[123 bytes of output past maxOutputBytes were dropped]" },
    ]);
  });
});

describe("toText", () => {
  test("is what was printed and shown, with pictures named", async () => {
    const execution = await executed(out("a"), show({ "image/png": "AAAA" }), show({ "text/plain": "42" }));
    expect(execution.toText()).toBe("a\n[image/png]\n42");
  });

  test("of print is exactly what was printed", async () => {
    expect((await executed(out("4\n"))).toText()).toBe("4\n");
  });

  test.each([
    [{ "text/plain": "<IPython.core.display.Markdown object>", "text/markdown": "**a**" }, "**a**"],
    [{ "text/plain": "<IPython.core.display.HTML object>", "text/html": "<b>a</b>" }, "<b>a</b>"],
    [{ "text/plain": "<IPython.core.display.JSON object>", "application/json": { a: 1 } }, '{"a":1}'],
    [{ "text/plain": "   a\n0  1", "text/html": "<table>" }, "   a\n0  1"],
    [
      { "application/vnd.plotly.v1+json": {}, "text/html": "x".repeat(20_000) },
      "[application/vnd.plotly.v1+json, text/html]",
    ],
    [{ "text/plain": "<__main__.A object at 0x7f00>" }, "<__main__.A object at 0x7f00>"],
    [{ "text/plain": "\u001b[31mSignature:\u001b[39m print()" }, "Signature: print()"],
  ])("of a display is the form that says most: %#", async (data, text) => {
    expect((await executed(show(data))).toText()).toBe(text);
  });

  test("of an error ends with its name and message, once", async () => {
    expect((await executed(error([]))).toText()).toBe("ValueError: no");
    expect((await executed(error(["Traceback", "ValueError: no", ""]))).toText()).toBe("Traceback\nValueError: no");
    expect((await executed(error(["ValueError: no", "    at f (cell:1)"]))).toText()).toBe(
      "ValueError: no\n    at f (cell:1)",
    );
    expect((await executed(error(["Traceback", "KeyboardInterrupt: "]))).toText()).toBe(
      "Traceback\nKeyboardInterrupt:\nValueError: no",
    );
  });

  test("with a limit keeps the start and the end and says how much is missing", async () => {
    const execution = await executed(out("s".repeat(500)), out("e".repeat(500)));
    const text = execution.toText({ maxCharacters: 100 });
    expect(text.length).toBeLessThanOrEqual(100);
    expect(text).toMatch(/^s+\n\[… (\d+) characters left out …\]\ne+$/);
    const omitted = Number(/\d+/.exec(text)?.[0]);
    expect(text.replace(/\n\[.*\]\n/, "").length + omitted).toBe(1000);
  });

  test("within its limit is whole", async () => {
    expect((await executed(out("12345"))).toText({ maxCharacters: 5 })).toBe("12345");
  });

  test("never is longer than its limit and never halves a character", async () => {
    const execution = await executed(out("😀漢a".repeat(100)));
    for (let maxCharacters = 0; maxCharacters < 420; maxCharacters += 1) {
      const text = execution.toText({ maxCharacters });
      expect(text.length).toBeLessThanOrEqual(maxCharacters);
      expect(text).not.toMatch(/\p{Surrogate}/u);
    }
  });

  test("refuses a limit that is no number", async () => {
    const execution = await executed(out("a"));
    expect(() => execution.toText({ maxCharacters: -1 })).toThrow(
      expect.objectContaining({ code: "invalid-argument" }),
    );
    expect(() => execution.toText({ maxCharacters: Number.NaN })).toThrow(KernelboxError);
  });
});
