import { describe, expect, test } from "vitest";
import { ExecutionCollector } from "./collect-execution.ts";
import type { ExecutionError } from "./execution-error.ts";
import type { ExecutionEvent, Outcome } from "./execution-event.ts";
import type { Execution } from "./execution.ts";
import { resultFromBundle } from "./result.ts";

const outcome: Outcome = {
  status: "ok",
  executionCount: 1,
  usage: { wallMs: 5, cpuMs: 4, peakMemoryBytes: 1000 },
  contextState: "kept",
};
const start: ExecutionEvent = {
  type: "start",
  executionId: "e1",
  contextId: "c1",
  language: "python",
  code: "print(2 + 2)",
};
const timestamp = "2025-01-01T00:00:00.000Z";
const failure: ExecutionError = { name: "ValueError", message: "no", traceback: ["ValueError: no"] };

function out(text: string): ExecutionEvent {
  return { type: "stdout", text, timestamp };
}
function err(text: string): ExecutionEvent {
  return { type: "stderr", text, timestamp };
}
function show(text: string, displayId?: string): ExecutionEvent {
  return { type: "result", result: resultFromBundle({ data: { "text/plain": text }, displayId }) };
}
function main(text: string, displayId?: string): ExecutionEvent {
  const bundle = { data: { "text/plain": text }, displayId, isMainResult: true };
  return { type: "result", result: resultFromBundle(bundle) };
}
function update(text: string, displayId: string): ExecutionEvent {
  const result = resultFromBundle({ data: { "text/plain": text }, displayId });
  return { type: "result-update", result, displayId };
}
function clear(wait: boolean): ExecutionEvent {
  return { type: "clear-output", wait };
}
function collected(...events: readonly ExecutionEvent[]): Execution {
  const collector = new ExecutionCollector();
  for (const event of [start, ...events, { type: "end", outcome } as const]) collector.add(event);
  return collector.execution();
}
/** The outputs in short: the text of each. */
function shown(execution: Execution): readonly string[] {
  return execution.outputs.map((output) => {
    if (output.type === "result") return `result ${output.result.text}`;
    return output.type === "error" ? `error ${output.error.name}` : `${output.type} ${output.text}`;
  });
}

describe("an execution", () => {
  test("of print(2 + 2) has one line, no result and no error", () => {
    const execution = collected(out("4\n"));
    expect(execution.logs.stdout).toEqual(["4\n"]);
    expect(execution.results).toEqual([]);
    expect(execution.error).toBeUndefined();
    expect(execution.text).toBeUndefined();
  });

  test("has what the start and the end say", () => {
    expect(collected().toJSON()).toEqual({
      id: "e1",
      code: "print(2 + 2)",
      language: "python",
      contextId: "c1",
      results: [],
      logs: { stdout: [], stderr: [] },
      outputs: [],
      ...outcome,
    });
  });

  test("has what the outcome may say besides", () => {
    const collector = new ExecutionCollector();
    const more = { truncated: { omittedBytes: 3 }, exitCode: 2, files: { created: ["/workspace/a"], changed: [] } };
    collector.add({ type: "end", outcome: { ...outcome, ...more } });
    expect(collector.execution()).toMatchObject(more);
  });

  test("has the text of the last main result", () => {
    const execution = collected(show("shown"), main("1"), main("2"), show("late"));
    expect(execution.text).toBe("2");
    expect(execution.results.map((result) => result.isMainResult)).toEqual([false, true, true, false]);
  });
});

describe("outputs", () => {
  test("are in the order of the events, with neighbouring text of one stream merged", () => {
    const execution = collected(out("a"), out("b\n"), err("warn\n"), out("c\n"), show("r"), out("d"));
    expect(shown(execution)).toEqual(["stdout ab\n", "stderr warn\n", "stdout c\n", "result r", "stdout d"]);
    expect(execution.logs).toEqual({ stdout: ["ab\n", "c\n", "d"], stderr: ["warn\n"] });
  });

  test("show a progress bar once, while the logs keep what was written", () => {
    const execution = collected(err("\r 10%"), err("\r 50%"), err("\r100%\n"));
    expect(shown(execution)).toEqual(["stderr 100%\n"]);
    expect(execution.logs.stderr).toEqual(["\r 10%\r 50%\r100%\n"]);
  });

  test("text after another output starts on its own line", () => {
    expect(shown(collected(out("abc"), show("r"), out("\rX")))).toEqual(["stdout abc", "result r", "stdout X"]);
  });

  test("an empty text is no output", () => {
    expect(shown(collected(out(""), err("\r"), show("r")))).toEqual(["result r"]);
    expect(shown(collected(out("a"), err(""), out("b")))).toEqual(["stdout ab"]);
  });

  test("input requests are no output", () => {
    expect(shown(collected(out("a"), { type: "input-request", prompt: "?", password: false }, out("b")))).toEqual([
      "stdout ab",
    ]);
  });
});

describe("clear_output", () => {
  test("takes away what is shown, and neither logs nor results", () => {
    const execution = collected(out("a\n"), show("r"), clear(false), out("b\n"));
    expect(shown(execution)).toEqual(["stdout b\n"]);
    expect(execution.logs.stdout).toEqual(["a\n", "b\n"]);
    expect(execution.results.map((result) => result.text)).toEqual(["r"]);
  });

  test("with wait takes it away when the next output comes", () => {
    expect(shown(collected(out("a"), clear(true)))).toEqual(["stdout a"]);
    expect(shown(collected(out("a"), clear(true), out("b"), out("c")))).toEqual(["stdout bc"]);
    expect(shown(collected(out("a"), clear(true), show("r"), show("s")))).toEqual(["result r", "result s"]);
    expect(shown(collected(out("a"), clear(true), { type: "error", error: failure }))).toEqual(["error ValueError"]);
  });

  test("with wait is not done by an empty text or an update", () => {
    expect(shown(collected(show("r", "d"), clear(true), out(""), update("s", "d")))).toEqual(["result s"]);
  });

  test("without wait overrides one that waits", () => {
    expect(shown(collected(out("a"), clear(true), clear(false), out("b"), out("c")))).toEqual(["stdout bc"]);
  });
});

describe("update_display", () => {
  test("changes every result of its id, in outputs and in results", () => {
    const execution = collected(show("a", "d"), show("other", "e"), show("a", "d"), out("x"), update("b", "d"));
    expect(shown(execution)).toEqual(["result b", "result other", "result b", "stdout x"]);
    expect(execution.results.map((result) => result.text)).toEqual(["b", "other", "b"]);
  });

  test("an output and its result are the same object", () => {
    const execution = collected(show("a", "d"), update("b", "d"));
    const [output] = execution.outputs;
    expect(output?.type === "result" && output.result === execution.results[0]).toBe(true);
  });

  test("displaying again under an id changes what is there", () => {
    expect(shown(collected(show("a", "d"), show("b", "d")))).toEqual(["result b", "result b"]);
  });

  test("of an unknown id does nothing", () => {
    expect(shown(collected(show("a"), update("b", "d")))).toEqual(["result a"]);
  });

  test("a main result stays one", () => {
    const execution = collected(main("a", "d"), update("b", "d"), show("c", "d"));
    expect(execution.text).toBe("c");
    expect(execution.results.map((result) => result.isMainResult)).toEqual([true, false]);
  });

  test("after clear_output changes results only", () => {
    const execution = collected(show("a", "d"), clear(false), update("b", "d"));
    expect(shown(execution)).toEqual([]);
    expect(execution.results.map((result) => result.text)).toEqual(["b"]);
  });
});

describe("the error", () => {
  test("is in the outputs and in error", () => {
    const collector = new ExecutionCollector();
    collector.add(out("a\n"));
    collector.add({ type: "error", error: failure });
    collector.add({ type: "end", outcome: { ...outcome, status: "error" } });
    const execution = collector.execution();
    expect(execution.error).toEqual(failure);
    expect(shown(execution)).toEqual(["stdout a\n", "error ValueError"]);
  });

  test.each([
    ["error", "Error"],
    ["interrupted", "ExecutionInterrupted"],
    ["timed-out", "ExecutionTimedOut"],
    ["kernel-died", "KernelDied"],
  ] as const)("is set for %s also where no event says it", (status, name) => {
    const execution = new ExecutionCollector().execution({ status });
    expect(execution.error?.name).toBe(name);
    expect(shown(execution)).toEqual([`error ${name}`]);
  });

  test("of a stopped execution is ours, once, with the kernel's traceback", () => {
    const collector = new ExecutionCollector();
    collector.add({ type: "error", error: { ...failure, name: "KeyboardInterrupt" } });
    const execution = collector.execution({ status: "timed-out" });
    expect(execution.error).toMatchObject({ name: "ExecutionTimedOut", traceback: failure.traceback });
    expect(shown(execution)).toEqual(["error ExecutionTimedOut"]);
  });
});

describe("the collector", () => {
  test("gives what came so far, which later events do not change", () => {
    const collector = new ExecutionCollector();
    for (const event of [start, out("a"), show("r", "d")]) collector.add(event);
    const before = collector.execution({ usage: { wallMs: 7, cpuMs: null, peakMemoryBytes: null } });
    const json = JSON.stringify(before);
    for (const event of [update("s", "d"), out("b"), clear(false)]) collector.add(event);
    expect(JSON.stringify(before)).toBe(json);
    expect(before).toMatchObject({ status: "interrupted", contextState: "kept", executionCount: null });
    expect(before.usage.wallMs).toBe(7);
    expect(collector.isEnded).toBe(false);
  });

  test("any cut of the text into messages gives the same execution", () => {
    const whole = "one\ntwo 😀\r\n 10%\r 90% 😀\r100%\nab\b\bX\n漢字";
    const expected = JSON.stringify(collected(out(whole), show("r"), err(whole)));
    for (let size = 1; size < whole.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        whole.slice(index * size, (index + 1) * size),
      );
      expect(JSON.stringify(collected(...pieces.map(out), show("r"), ...pieces.map(err)))).toBe(expected);
    }
  });

  test("takes 200,000 messages in a second", () => {
    const collector = new ExecutionCollector();
    const started = performance.now();
    for (let index = 0; index < 200_000; index += 1) collector.add(out(`line ${index}\n`));
    const execution = collector.execution();
    expect(performance.now() - started).toBeLessThan(1000);
    expect(execution.logs.stdout).toHaveLength(200_000);
  });

  test("takes one line of 50 MB in 20,000 pieces without copying it for each", () => {
    const collector = new ExecutionCollector();
    const piece = "x".repeat(2500);
    const started = performance.now();
    for (let index = 0; index < 20_000; index += 1) collector.add(out(piece));
    const execution = collector.execution();
    expect(execution.logs.stdout[0]).toHaveLength(50_000_000);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test("takes 50,000 displays and updates of one id", () => {
    const collector = new ExecutionCollector();
    const started = performance.now();
    for (let index = 0; index < 50_000; index += 1) {
      collector.add(show("a", "d"));
      collector.add(update(`b${index}`, "d"));
    }
    expect(collector.execution().results.at(0)?.text).toBe("b49999");
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
