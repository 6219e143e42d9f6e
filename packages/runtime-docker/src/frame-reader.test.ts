import { describe, expect, test } from "vitest";
import { FrameReader } from "./frame-reader.ts";

function frame(channel: number, text: string): Buffer {
  const payload = Buffer.from(text);
  const header = Buffer.alloc(8);
  header.writeUInt8(channel, 0);
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

describe("the engine's multiplexed stream", () => {
  const bytes = Buffer.concat([frame(1, "out"), frame(2, ""), frame(2, "wörds"), frame(1, "put")]);

  test.each([1, 2, 3, 7, 8, 9, 1000])("is taken apart alike in chunks of %i bytes", (size) => {
    const reader = new FrameReader();
    const texts = { 1: "", 2: "" };
    const parts: Record<number, Buffer[]> = { 1: [], 2: [] };
    for (let start = 0; start < bytes.length; start += size) {
      for (const { channel, payload } of reader.read(bytes.subarray(start, start + size)))
        parts[channel]?.push(payload);
    }
    texts[1] = Buffer.concat(parts[1] ?? []).toString();
    texts[2] = Buffer.concat(parts[2] ?? []).toString();
    expect(texts).toEqual({ 1: "output", 2: "wörds" });
  });
});
