import { expect, test } from "vitest";
import { makeMessage } from "./make-message.ts";
import { OutputLimiter, cutUtf8 } from "./output-limiter.ts";
import { type WireMessage, objectFromBytes } from "./wire.ts";

function stream(text: string): WireMessage {
  return makeMessage({ type: "stream", content: { name: "stdout", text } });
}

function textOf(message: WireMessage | undefined): unknown {
  return message && objectFromBytes(message.content)["text"];
}

test("text under the limit passes as the bytes that came in", () => {
  const limiter = new OutputLimiter({ text: 10, rich: 0 });
  const message = stream("0123456789");
  expect(limiter.take("stream", message)).toBe(message);
  expect(limiter.omittedBytes).toBe(0);
});

test("the message that crosses the limit is cut there, and the rest counted and dropped", () => {
  const limiter = new OutputLimiter({ text: 10, rich: 0 });
  limiter.take("stream", stream("01234567"));
  expect(textOf(limiter.take("stream", stream("89abc")))).toBe("89");
  expect(limiter.take("stream", stream("d"))).toBeUndefined();
  expect(limiter.omittedBytes).toBe(4);
});

test("the cut never splits a character, and nothing fits behind it", () => {
  const limiter = new OutputLimiter({ text: 5, rich: 0 });
  expect(textOf(limiter.take("stream", stream("aé🦆")))).toBe("aé");
  expect(limiter.take("stream", stream("b"))).toBeUndefined();
  expect(limiter.omittedBytes).toBe(5);
});

test("rich data has a limit of its own and is dropped whole", () => {
  const display = makeMessage({ type: "display_data", content: { data: { "text/plain": "x".repeat(50) } } });
  const limiter = new OutputLimiter({ text: 0, rich: display.content.length + 3 });
  expect(limiter.take("display_data", { ...display, buffers: [Buffer.alloc(4)] })).toBeUndefined();
  expect(limiter.take("display_data", display)).toBe(display);
  expect(limiter.take("execute_result", display)).toBeUndefined();
  expect(limiter.omittedBytes).toBe(2 * display.content.length + 4);
});

test("what is no output always passes", () => {
  const limiter = new OutputLimiter({ text: 0, rich: 0 });
  const message = makeMessage({ type: "error", content: { ename: "ValueError" } });
  expect(limiter.take("error", message)).toBe(message);
});

test("a cut goes before the character that it would split", () => {
  const bytes = Buffer.from("é🦆");
  expect([0, 1, 2, 5, 6, 9].map((end) => cutUtf8(bytes, end))).toEqual(["", "", "é", "é", "é🦆", "é🦆"]);
});
