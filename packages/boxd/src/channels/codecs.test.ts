import { describe, expect, test } from "vitest";
import { makeMessage } from "../kernels/make-message.ts";
import { decodeJson, encodeJson } from "./json-codec.ts";
import { decodeV1, encodeV1 } from "./v1-codec.ts";

const plain = makeMessage({ type: "stream", content: { name: "stdout", text: "zażółć 🦆" } });
const rich = { ...plain, buffers: [Buffer.from([1, 2, 3]), Buffer.alloc(0)] };

describe("the v1 layout", () => {
  test.each([plain, rich])("a message survives it, with room in front", (message) => {
    const bytes = encodeV1("iopub", message, 8);
    expect(decodeV1(bytes.subarray(8))).toEqual({ channel: "iopub", message });
  });

  test("it is the layout of Jupyter Server", () => {
    const bytes = encodeV1("shell", plain);
    expect(bytes.readBigUInt64LE(0)).toBe(6n);
    expect(bytes.readBigUInt64LE(8)).toBe(56n);
    expect(bytes.subarray(56, 61).toString()).toBe("shell");
    expect(bytes.readBigUInt64LE(48)).toBe(BigInt(bytes.length));
  });

  test("bytes with impossible offsets are no message", () => {
    const bytes = encodeV1("shell", plain);
    bytes.writeUInt32LE(1_000_000, 24);
    expect(decodeV1(bytes)).toBeUndefined();
    expect(decodeV1(Buffer.alloc(64, 255))).toBeUndefined();
    expect(decodeV1(Buffer.alloc(3))).toBeUndefined();
  });

  test("an unknown channel is no message", () => {
    const bytes = encodeV1("shell", plain);
    bytes.write("shelf", 56);
    expect(decodeV1(bytes)).toBeUndefined();
  });
});

describe("the JSON protocol", () => {
  test.each([plain, rich])("a message survives it", (message) => {
    const frame = encodeJson({ channel: "iopub", message });
    expect(typeof frame === "string").toBe(message.buffers.length === 0);
    const decoded = decodeJson(Buffer.from(frame), typeof frame !== "string");
    expect(decoded).toEqual({ channel: "iopub", message });
  });

  test("a frame that is no message is refused", () => {
    expect(decodeJson(Buffer.from("{}"), false)).toBeUndefined();
    expect(decodeJson(Buffer.from("nonsense"), false)).toBeUndefined();
    expect(decodeJson(Buffer.alloc(12, 255), true)).toBeUndefined();
  });
});
