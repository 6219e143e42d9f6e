import { v4 as uuid } from "uuid";
import type { WireMessage } from "./wire.ts";

const session: string = uuid();
const emptyObject = Buffer.from("{}");

/** The bytes of an empty JSON object: a message without parent, metadata or content. */
export const emptyPart: Buffer = emptyObject;

/** What a message that boxd itself makes consists of. */
export type MessageParts = {
  readonly type: string;
  readonly content: Readonly<Record<string, unknown>> | Buffer;
  /** The header of the request that this answers. */
  readonly parentHeader?: Buffer;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly messageId?: string;
};

/** Makes a message in boxd's own name. */
export function makeMessage(parts: MessageParts): WireMessage {
  const header = {
    msg_id: parts.messageId ?? uuid(),
    session,
    username: "kernelbox",
    date: new Date().toISOString(),
    msg_type: parts.type,
    version: "5.4",
  };
  return {
    header: Buffer.from(JSON.stringify(header)),
    parentHeader: parts.parentHeader ?? emptyObject,
    metadata: parts.metadata ? Buffer.from(JSON.stringify(parts.metadata)) : emptyObject,
    content: Buffer.isBuffer(parts.content) ? parts.content : Buffer.from(JSON.stringify(parts.content)),
    buffers: [],
  };
}

/** A `status` message for iopub. */
export function makeStatus(
  state: "starting" | "busy" | "idle" | "restarting" | "dead",
  parentHeader?: Buffer,
): WireMessage {
  return makeMessage({ type: "status", content: { execution_state: state }, ...(parentHeader && { parentHeader }) });
}
