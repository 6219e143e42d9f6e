import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { makeMessage } from "./make-message.ts";
import { createSigner, fieldsFromHeader, framesFromMessage, messageFromFrames } from "./wire.ts";

const message = {
  ...makeMessage({ type: "execute_request", content: { code: "é" }, messageId: "m1" }),
  buffers: [Buffer.from([0, 255]), Buffer.alloc(0)],
};

test("a message survives the way through frames, behind a routing prefix too", () => {
  const sign = createSigner("key");
  const frames = framesFromMessage(message, sign).map((frame) => Buffer.from(frame));
  const received = messageFromFrames([Buffer.from("route"), ...frames]);
  expect(received?.message).toEqual(message);
  expect(received?.signature).toBe(sign(message));
});

test("the signature is the HMAC-SHA256 of the four JSON parts", () => {
  const whole = Buffer.concat([message.header, message.parentHeader, message.metadata, message.content]);
  expect(createSigner("key")(message)).toBe(createHmac("sha256", "key").update(whole).digest("hex"));
  expect(createSigner("")(message)).toBe("");
});

test("frames without delimiter, or too few of them, are no message", () => {
  expect(messageFromFrames([Buffer.from("x")])).toBeUndefined();
  expect(messageFromFrames([Buffer.from("<IDS|MSG>"), Buffer.from("sig"), Buffer.from("{}")])).toBeUndefined();
});

test("a header that is no JSON object has empty fields", () => {
  expect(fieldsFromHeader(Buffer.from("[1, 2]"))).toEqual({ messageId: "", session: "", type: "" });
  expect(fieldsFromHeader(Buffer.from("not json"))).toEqual({ messageId: "", session: "", type: "" });
  expect(fieldsFromHeader(message.header)).toMatchObject({ messageId: "m1", type: "execute_request" });
});
