import type { ChannelName, WireMessage } from "../kernels/wire.ts";

/** A message and the channel that it belongs to. */
export type ChannelMessage = { readonly channel: ChannelName; readonly message: WireMessage };

const channelNames: ReadonlySet<string> = new Set<ChannelName>(["shell", "control", "stdin", "iopub"]);

/**
 * Encodes in the layout of `v1.kernel.websocket.jupyter.org`, leaving `prefixBytes` free in front of it, so that
 * a sequence number can be put there without another copy.
 * @see https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
 */
export function encodeV1(channel: ChannelName, message: WireMessage, prefixBytes = 0): Buffer {
  const parts = [message.header, message.parentHeader, message.metadata, message.content, ...message.buffers];
  const offsetCount = parts.length + 2;
  let offset = 8 * (offsetCount + 1);
  let total = offset + channel.length;
  for (const part of parts) total += part.length;
  const bytes = Buffer.allocUnsafeSlow(prefixBytes + total);
  const body = bytes.subarray(prefixBytes);
  writeUint64(body, offsetCount, 0);
  writeUint64(body, offset, 8);
  body.write(channel, offset, "latin1");
  offset += channel.length;
  writeUint64(body, offset, 16);
  for (const [index, part] of parts.entries()) {
    part.copy(body, offset);
    offset += part.length;
    writeUint64(body, offset, 24 + 8 * index);
  }
  return bytes;
}

/** Decodes that layout; the parts are views of `bytes`. `undefined` when the bytes do not follow it. */
export function decodeV1(bytes: Buffer): ChannelMessage | undefined {
  if (bytes.length < 8) return undefined;
  const offsetCount = readUint64(bytes, 0);
  if (offsetCount < 6 || 8 * (offsetCount + 1) > bytes.length) return undefined;
  const parts: Buffer[] = [];
  let start = readUint64(bytes, 8);
  for (let index = 1; index < offsetCount; index += 1) {
    const end = readUint64(bytes, 8 * (index + 1));
    if (start > end || end > bytes.length) return undefined;
    parts.push(bytes.subarray(start, end));
    start = end;
  }
  const [name, header, parentHeader, metadata, content, ...buffers] = parts;
  if (!name || !header || !parentHeader || !metadata || !content) return undefined;
  const channel = name.toString("latin1");
  if (!isChannelName(channel)) return undefined;
  return { channel, message: { header, parentHeader, metadata, content, buffers } };
}

/** True for the name of one of the four channels. */
export function isChannelName(name: string): name is ChannelName {
  return channelNames.has(name);
}

/** Writes `value` as 64 bits, little-endian. Two 32-bit halves: BigInt would cost an allocation a number. */
function writeUint64(bytes: Buffer, value: number, offset: number): void {
  bytes.writeUInt32LE(value % 0x1_0000_0000, offset);
  bytes.writeUInt32LE(Math.floor(value / 0x1_0000_0000), offset + 4);
}

function readUint64(bytes: Buffer, offset: number): number {
  return bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 0x1_0000_0000;
}
