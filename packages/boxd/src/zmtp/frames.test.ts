import { describe, expect, test } from "vitest";
import { type Frame, FrameReader, bytesFromCommand, bytesFromMessage } from "./frames.ts";

const parts = ["", "short", "x".repeat(255), "y".repeat(256), "z".repeat(70_000)];
const bytes = Buffer.concat([bytesFromCommand("READY", Buffer.from([1, 2])), ...bytesFromMessage(parts)]);

function seen(frames: readonly Frame[]): unknown[] {
  return frames.map(({ body, hasMore, isCommand }) => [body.toString("latin1"), hasMore, isCommand]);
}
const expected = [
  ["\u0005READY\u0001\u0002", false, true],
  ...parts.map((part, index) => [part, index < parts.length - 1, false]),
];

describe("frames", () => {
  test("are read as they were written", () => {
    expect(seen(new FrameReader().read(bytes))).toEqual(expected);
  });

  test.each([1, 2, 3, 7, 255, 4096])("may arrive in pieces of %i bytes", (size) => {
    const reader = new FrameReader();
    const frames: Frame[] = [];
    for (let start = 0; start < bytes.length; start += size) {
      frames.push(...reader.read(bytes.subarray(start, start + size)));
    }
    expect(seen(frames)).toEqual(expected);
  });

  test("a cut at every place gives the same", () => {
    const short = Buffer.concat(bytesFromMessage(["one", "t".repeat(300), "three"]));
    const whole = seen(new FrameReader().read(short));
    for (let cut = 0; cut <= short.length; cut += 1) {
      const reader = new FrameReader();
      const frames = [...reader.read(short.subarray(0, cut)), ...reader.read(short.subarray(cut))];
      expect(seen(frames)).toEqual(whole);
    }
  });

  test("an impossible size is an error", () => {
    const head = Buffer.from([2, 0xff, 0, 0, 0, 0, 0, 0, 0]);
    expect(() => new FrameReader().read(head)).toThrow(/was announced/);
  });
});
