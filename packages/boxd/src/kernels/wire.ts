import { createHmac } from "node:crypto";

/** The channels of a kernel that clients talk on. */
export type ChannelName = "shell" | "control" | "stdin" | "iopub";

/** One Jupyter message. The JSON parts stay the bytes that came in: most pass through without being parsed. */
export type WireMessage = {
  readonly header: Buffer;
  readonly parentHeader: Buffer;
  readonly metadata: Buffer;
  readonly content: Buffer;
  readonly buffers: readonly Buffer[];
};

/** What boxd reads of a header or parent header; empty strings where a field is missing. */
export type HeaderFields = { readonly messageId: string; readonly session: string; readonly type: string };

/** Signs the four JSON parts of a message; returns the hexadecimal signature. */
export type Signer = (message: WireMessage) => string;

const delimiter = Buffer.from("<IDS|MSG>");
const noFields: HeaderFields = { messageId: "", session: "", type: "" };

/**
 * Makes the signer for a connection key. An empty key switches signing off, as Jupyter defines it.
 * @see https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export function createSigner(key: string): Signer {
  if (key === "") return () => "";
  return (message) =>
    createHmac("sha256", key)
      .update(message.header)
      .update(message.parentHeader)
      .update(message.metadata)
      .update(message.content)
      .digest("hex");
}

/** The ZeroMQ frames of a message, without routing prefix. */
export function framesFromMessage(message: WireMessage, sign: Signer): (Buffer | string)[] {
  return [
    delimiter,
    sign(message),
    message.header,
    message.parentHeader,
    message.metadata,
    message.content,
    ...message.buffers,
  ];
}

/** Reads a multipart message. `undefined` when it is not one of Jupyter's. */
export function messageFromFrames(
  frames: readonly Buffer[],
): { readonly message: WireMessage; readonly signature: string } | undefined {
  let start = 0;
  while (start < frames.length && frames[start]?.equals(delimiter) !== true) start += 1;
  const [, signature, header, parentHeader, metadata, content] = frames.slice(start, start + 6);
  if (!signature || !header || !parentHeader || !metadata || !content) return undefined;
  const message = { header, parentHeader, metadata, content, buffers: frames.slice(start + 6) };
  return { message, signature: signature.toString("latin1") };
}

/** Reads the fields of a header that boxd works with. Bytes that are no JSON object give empty fields. */
export function fieldsFromHeader(header: Buffer): HeaderFields {
  if (header.length <= 2) return noFields;
  const value = objectFromBytes(header);
  return { messageId: text(value["msg_id"]), session: text(value["session"]), type: text(value["msg_type"]) };
}

/** Parses one JSON part; anything but an object gives an empty one. */
export function objectFromBytes(bytes: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return isObject(value) ? value : {};
  } catch {
    // Clients and kernels are strangers: a part that is no JSON has no fields that we could act on.
    return {};
  }
}

/** True for a plain JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
