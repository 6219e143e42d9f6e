import { describe, expect, test } from "vitest";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { type KernelMessage, eventsFromMessage, newMessageState } from "./event-from-message.ts";
import { eventsFromReply, outcomeFromReply } from "./event-from-reply.ts";
import type { ExecutionEvent } from "./execution-event.ts";

const date = "2025-01-01T00:00:00.000000Z";

function message(type: string, content: unknown, metadata: unknown = {}): KernelMessage {
  return { header: { msg_type: type, date }, content, metadata };
}
function eventsOf(...messages: readonly KernelMessage[]): readonly ExecutionEvent[] {
  const state = newMessageState();
  return messages.flatMap((item) => eventsFromMessage(item, state));
}
function types(events: readonly ExecutionEvent[]): readonly string[] {
  return events.map((event) => event.type);
}
function reply(content: object, outcome?: object): KernelMessage {
  return message("execute_reply", content, outcome === undefined ? {} : { kernelbox: outcome });
}

const error = message("error", { ename: "E", evalue: "v", traceback: ["Cell In[1], line 2"] });
const text = message("stream", { name: "stdout", text: "a" });
const outcome = {
  executionId: "e1",
  status: "ok",
  usage: { wallMs: 1, cpuMs: null, peakMemoryBytes: null },
  contextState: "kept",
};

describe("eventsFromMessage", () => {
  test("a line in the error's metadata goes before that of the traceback", () => {
    const content = { ename: "E", evalue: "v", traceback: ["Cell In[1], line 2"] };
    const told = message("error", content, { kernelbox: { lineNumber: 7 } });
    expect(eventsOf(told, text)[0]).toMatchObject({ type: "error", error: { lineNumber: 7 } });
    const broken = message("error", content, { kernelbox: { lineNumber: "seven" } });
    expect(eventsOf(broken, text)[0]).toMatchObject({ type: "error", error: { lineNumber: 2 } });
  });

  test("stream becomes stdout or stderr with the kernel's time", () => {
    expect(eventsOf(text)).toEqual([{ type: "stdout", text: "a", timestamp: date }]);
    expect(types(eventsOf(message("stream", { name: "stderr", text: "a" })))).toEqual(["stderr"]);
  });

  test("a stream without a date has the time of now", () => {
    const [event] = eventsOf({ header: { msg_type: "stream" }, content: { name: "stdout", text: "a" } });
    expect(event?.type === "stdout" && Math.abs(Date.parse(event.timestamp) - Date.now()) < 5000).toBe(true);
  });

  test("display_data and execute_result become results, the second the main one", () => {
    const content = { data: { "text/plain": "1" }, metadata: { a: 1 }, transient: { display_id: "d" } };
    const [display, result] = eventsOf(message("display_data", content), message("execute_result", content));
    expect(display).toMatchObject({ type: "result", result: { text: "1", isMainResult: false, displayId: "d" } });
    expect(result).toMatchObject({ type: "result", result: { text: "1", isMainResult: true, metadata: { a: 1 } } });
  });

  test("kernels may leave out or null what is optional", () => {
    expect(types(eventsOf(message("display_data", { data: {}, metadata: null, transient: null })))).toEqual(["result"]);
    expect(types(eventsOf(message("execute_result", { data: {} })))).toEqual(["result"]);
    expect(eventsOf(message("clear_output", {}))).toEqual([{ type: "clear-output", wait: false }]);
    expect(eventsOf(message("input_request", { prompt: null }))).toEqual([
      { type: "input-request", prompt: "", password: false },
    ]);
  });

  test("update_display_data becomes an update", () => {
    const content = { data: { "text/plain": "2" }, metadata: {}, transient: { display_id: "d" } };
    expect(eventsOf(message("update_display_data", content))).toMatchObject([
      { type: "result-update", displayId: "d", result: { text: "2", displayId: "d" } },
    ]);
  });

  test("input_request and clear_output carry what they say", () => {
    expect(eventsOf(message("input_request", { prompt: "name? ", password: true }))).toEqual([
      { type: "input-request", prompt: "name? ", password: true },
    ]);
    expect(eventsOf(message("clear_output", { wait: true }))).toEqual([{ type: "clear-output", wait: true }]);
  });

  test("what a user does not see is no event, also when it is unknown", () => {
    expect(
      eventsOf(message("status", { execution_state: "busy" }), message("comm_open", 1), message("new", null)),
    ).toEqual([]);
  });

  test("an error comes before the event that follows it, in its place", () => {
    expect(types(eventsOf(error, text))).toEqual(["error", "stdout"]);
    expect(types(eventsOf(error, error, text))).toEqual(["error", "error", "stdout"]);
  });

  test.each([
    ["stream", { name: "stdout" }],
    ["stream", { name: "other", text: "a" }],
    ["stream", null],
    ["display_data", { data: "x" }],
    ["execute_result", {}],
    ["update_display_data", { data: {} }],
    ["error", { evalue: "x" }],
    ["input_request", { prompt: 1 }],
    ["clear_output", { wait: "yes" }],
  ])("a %s of a wrong shape is a protocol error that names it", (type, content) => {
    expect(() => eventsOf(message(type, content))).toThrow(
      expect.objectContaining({ code: "protocol-error", message: expect.stringContaining(`"${type}"`) }),
    );
  });

  test("takes 200,000 stream messages in a second", () => {
    const state = newMessageState();
    const started = performance.now();
    for (let index = 0; index < 200_000; index += 1) eventsFromMessage(text, state);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("eventsFromReply", () => {
  function ended(messages: readonly KernelMessage[], last: KernelMessage): readonly ExecutionEvent[] {
    const state = newMessageState();
    return [...messages.flatMap((item) => eventsFromMessage(item, state)), ...eventsFromReply(last, state)];
  }

  test("an ok reply ends with the outcome that boxd says", () => {
    const said = { ...outcome, truncated: { omittedBytes: 3 }, exitCode: 4 };
    expect(ended([text], reply({ status: "ok", execution_count: 7 }, said)).at(-1)).toEqual({
      type: "end",
      outcome: {
        status: "ok",
        executionCount: 7,
        usage: outcome.usage,
        truncated: { omittedBytes: 3 },
        contextState: "kept",
        exitCode: 4,
      },
    });
  });

  test("a null exit code is none, and a missing count is that of the messages", () => {
    const messages = [message("execute_input", { code: "x", execution_count: 9 })];
    const [end] = ended(messages, reply({ status: "ok" }, { ...outcome, exitCode: null }));
    expect(end).toMatchObject({ type: "end", outcome: { executionCount: 9 } });
    expect(end?.type === "end" && "exitCode" in end.outcome).toBe(false);
  });

  test("the kernel's error comes once", () => {
    const last = reply({ status: "error", ename: "E", evalue: "v" }, { ...outcome, status: "error" });
    expect(types(ended([error], last))).toEqual(["error", "end"]);
    expect(types(ended([error, text], last))).toEqual(["error", "stdout", "end"]);
  });

  test("an error that is in the reply only is an error event", () => {
    const last = reply(
      { status: "error", ename: "E", evalue: "v", traceback: ["a\nb"] },
      { ...outcome, status: "error" },
    );
    expect(ended([], last)[0]).toEqual({ type: "error", error: { name: "E", message: "v", traceback: ["a", "b"] } });
  });

  test("an error that nobody describes is an error event too", () => {
    expect(ended([], reply({ status: "error" }, { ...outcome, status: "error" }))[0]).toMatchObject({
      type: "error",
      error: { name: "Error" },
    });
  });

  test("a stopped execution has one error, ours, with the reason and the place where it was", () => {
    const said = { ...outcome, status: "timed-out", reason: "the code ran longer than 1000 ms" };
    const events = ended([text, error], reply({ status: "error", ename: "KeyboardInterrupt" }, said));
    expect(types(events)).toEqual(["stdout", "error", "end"]);
    expect(events[1]).toEqual({
      type: "error",
      error: {
        name: "ExecutionTimedOut",
        message: "the code ran longer than 1000 ms",
        traceback: ["Cell In[1], line 2"],
        lineNumber: 2,
      },
    });
  });

  test("an error that the kernel shows and says ok to stays", () => {
    expect(types(ended([error], reply({ status: "ok" }, outcome)))).toEqual(["error", "end"]);
  });

  test("a kernel's own reply is understood without boxd", () => {
    expect(ended([], reply({ status: "ok", execution_count: 1 })).at(-1)).toMatchObject({ outcome: { status: "ok" } });
    expect(ended([], reply({ status: "aborted" })).at(-1)).toMatchObject({ outcome: { status: "interrupted" } });
    expect(ended([error], reply({ status: "error" })).at(-1)).toMatchObject({ outcome: { status: "error" } });
  });

  test("the kernel's word for being stopped does not come later", () => {
    const state = newMessageState();
    eventsFromMessage(error, state);
    eventsFromReply(reply({ status: "error" }, { ...outcome, status: "interrupted" }), state);
    expect(types(eventsFromMessage(text, state))).toEqual(["stdout"]);
  });

  test("an error after the end is not held back", () => {
    const state = newMessageState();
    eventsFromReply(reply({ status: "ok" }, outcome), state);
    expect(types(eventsFromMessage(error, state))).toEqual(["error"]);
  });

  test("a wrong outcome is a protocol error", () => {
    const wrong = reply({ status: "ok" }, { status: "great" });
    expect(() => outcomeFromReply(wrong)).toThrow(KernelboxError);
    expect(() => ended([], wrong)).toThrow(expect.objectContaining({ code: "protocol-error" }));
  });

  test("outcomeFromReply says why an execution never ran", () => {
    const rejected = reply({ status: "aborted" }, { ...outcome, status: "interrupted", rejected: "queue-timeout" });
    expect(outcomeFromReply(rejected)?.rejected).toBe("queue-timeout");
    expect(outcomeFromReply(reply({ status: "ok" }))).toBeUndefined();
  });
});
