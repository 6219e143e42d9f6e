import { describe, expect, test } from "vitest";
import { encodeFrame, FrameReader } from "./frames.ts";

const text = (frames: ReturnType<FrameReader["push"]>): unknown =>
  frames.map(({ name, fields }) => [name, ...fields.map(String)]);

describe("frames", () => {
  test("are a line with a name and lengths, and then the bytes", () => {
    expect(encodeFrame("run", ["écho", ""]).toString()).toBe("run 5 0\nécho");
    expect(encodeFrame("ok").toString()).toBe("ok\n");
  });

  test("survive being cut anywhere, line ends and all bytes included", () => {
    const bytes = Buffer.concat([encodeFrame("run", ["a\nb 1\n", "日本"]), encodeFrame("ok"), encodeFrame("x", [""])]);
    const expected = [["run", "a\nb 1\n", "日本"], ["ok"], ["x", ""]];
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const reader = new FrameReader();
      const frames = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
      expect(text(frames)).toEqual(expected);
    }
  });

  test.each(["Run 1\na", "run one\n", "run -1\n", "\n", "run 99999999999999\n", "x".repeat(70_000)])(
    "what is none is refused: %j",
    (bytes) => {
      expect(() => new FrameReader().push(Buffer.from(bytes))).toThrow("not a frame");
    },
  );
});
