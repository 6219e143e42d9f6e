import { type ChannelName, type WireMessage, fieldsFromHeader, isObject } from "../kernels/wire.ts";
import { type ChannelMessage, isChannelName } from "./v1-codec.ts";

/**
 * Encodes for clients without a subprotocol: JSON text, or where the message has buffers a binary frame whose
 * first part is the JSON (32-bit big-endian count and offsets).
 */
export function encodeJson({ channel, message }: ChannelMessage): string | Buffer {
  // The parts are JSON already: joined as text, only the header is parsed. Python clients read the two ids beside it.
  const { messageId, type } = fieldsFromHeader(message.header);
  const json = `{"channel":"${channel}","msg_id":${JSON.stringify(messageId)},"msg_type":${JSON.stringify(type)},"header":${text(message.header)},"parent_header":${text(message.parentHeader)},"metadata":${text(message.metadata)},"content":${text(message.content)},"buffers":[]}`;
  if (message.buffers.length === 0) return json;
  const parts = [Buffer.from(json), ...message.buffers];
  const head = Buffer.alloc(4 * (parts.length + 1));
  head.writeUInt32BE(parts.length, 0);
  let offset = head.length;
  for (const [index, part] of parts.entries()) {
    head.writeUInt32BE(offset, 4 * (index + 1));
    offset += part.length;
  }
  return Buffer.concat([head, ...parts]);
}

/** Decodes what such a client sends. `undefined` when it is no message. */
export function decodeJson(data: Buffer, isBinary: boolean): ChannelMessage | undefined {
  if (!isBinary) return messageFromJson(data, []);
  if (data.length < 4) return undefined;
  const count = data.readUInt32BE(0);
  if (count < 1 || 4 * (count + 1) > data.length) return undefined;
  const parts: Buffer[] = [];
  for (let index = 0; index < count; index += 1) {
    const start = data.readUInt32BE(4 * (index + 1));
    const end = index + 1 < count ? data.readUInt32BE(4 * (index + 2)) : data.length;
    if (start > end || end > data.length) return undefined;
    parts.push(data.subarray(start, end));
  }
  const [json, ...buffers] = parts;
  return json && messageFromJson(json, buffers);
}

function messageFromJson(json: Buffer, buffers: readonly Buffer[]): ChannelMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json.toString("utf8"));
  } catch {
    // The caller answers a frame that is no message.
    return undefined;
  }
  if (!isObject(value) || !isObject(value["header"])) return undefined;
  const channel = value["channel"] ?? channelOfType(value["header"]["msg_type"]);
  if (typeof channel !== "string" || !isChannelName(channel)) return undefined;
  const message: WireMessage = {
    header: bytes(value["header"]),
    parentHeader: bytes(value["parent_header"]),
    metadata: bytes(value["metadata"]),
    content: bytes(value["content"]),
    buffers,
  };
  return { channel, message };
}

/** jupyter_server's GatewayKernelClient names no channel: the type tells which one it means. */
function channelOfType(type: unknown): ChannelName {
  if (type === "input_reply") return "stdin";
  return type === "interrupt_request" || type === "shutdown_request" || type === "debug_request" ? "control" : "shell";
}

function text(part: Buffer): string {
  return part.length === 0 ? "{}" : part.toString("utf8");
}

function bytes(part: unknown): Buffer {
  return Buffer.from(JSON.stringify(part ?? {}));
}
