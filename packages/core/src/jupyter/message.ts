import { sequenceHeaderBytes } from "@kernelbox/protocol";

/** The header of a Jupyter message, as far as it is read. */
export type MessageHeader = { readonly msg_id: string; readonly msg_type: string; readonly date?: string };

/** One message of the kernel, off the resumable channel. */
export type ReceivedMessage = {
  readonly sequence: number;
  readonly channel: string;
  readonly header: MessageHeader;
  /** The id of the request that it answers; empty where there is none. */
  readonly parentId: string;
  readonly metadata: unknown;
  readonly content: unknown;
  /** Its size on the wire. */
  readonly byteLength: number;
};

/**
 * Reads a frame: the sequence number, then the layout of `v1.kernel.websocket.jupyter.org`. Binary buffers of widgets
 * are left out. `undefined` when the bytes do not follow it.
 *
 * The library's own reader copies each part and makes a text decoder a message; this one is on the way of every line
 * that is printed.
 * @see https://jupyter-server.readthedocs.io/en/latest/developers/websocket-protocols.html
 */
export function messageFromFrame(frame: Buffer): ReceivedMessage | undefined {
  if (frame.length < sequenceHeaderBytes + 8 * 7) return undefined;
  const sequence = frame.readUInt32BE(0) * 0x1_0000_0000 + frame.readUInt32BE(4);
  const body = frame.subarray(sequenceHeaderBytes);
  const offsets: number[] = [];
  const count = uint64(body, 0);
  if (count < 6 || 8 * (count + 1) > body.length) return undefined;
  for (let index = 0; index < 6; index += 1) offsets.push(uint64(body, 8 * (index + 1)));
  const part = (index: number): string => body.toString("utf8", offsets[index], offsets[index + 1]);
  try {
    const header: unknown = JSON.parse(part(1));
    if (!isHeader(header)) return undefined;
    const parent: unknown = JSON.parse(part(2));
    return {
      sequence,
      channel: part(0),
      header,
      parentId: isHeader(parent) ? parent.msg_id : "",
      metadata: JSON.parse(part(3)),
      content: JSON.parse(part(4)),
      byteLength: frame.length,
    };
  } catch {
    // Not JSON: a frame that does not follow the layout, like those above.
    return undefined;
  }
}

/** Two halves: a BigInt would be an allocation for each number. */
function uint64(bytes: Buffer, offset: number): number {
  return bytes.readUInt32LE(offset) + bytes.readUInt32LE(offset + 4) * 0x1_0000_0000;
}

function isHeader(value: unknown): value is MessageHeader {
  if (typeof value !== "object" || value === null) return false;
  return (
    "msg_id" in value && typeof value.msg_id === "string" && "msg_type" in value && typeof value.msg_type === "string"
  );
}

/** The state that an iopub `status` message tells; `undefined` for every other message. */
export function executionStateOf(message: ReceivedMessage): string | undefined {
  if (message.header.msg_type !== "status" || message.channel !== "iopub") return undefined;
  const { content } = message;
  if (typeof content !== "object" || content === null || !("execution_state" in content)) return undefined;
  return typeof content.execution_state === "string" ? content.execution_state : undefined;
}
