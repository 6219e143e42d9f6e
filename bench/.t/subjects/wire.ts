import { createHmac, randomUUID } from "node:crypto";

/** One message of the Jupyter protocol, as far as the benchmark reads it. */
export type WireMessage = {
  readonly type: string;
  readonly parentId: string | undefined;
  readonly content: Readonly<Record<string, unknown>>;
};

const delimiter = "<IDS|MSG>";
const session = randomUUID();

/** The frames of a request, signed. https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol */
export function framesOf(
  key: string,
  type: string,
  content: unknown,
): { readonly id: string; readonly frames: string[] } {
  const id = randomUUID();
  const header = {
    msg_id: id,
    session,
    username: "bench",
    date: new Date().toISOString(),
    msg_type: type,
    version: "5.4",
  };
  const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return { id, frames: [delimiter, hmac.digest("hex"), ...parts] };
}

/** Signatures of the kernel's own messages are not checked: both ends are ours. */
export function messageOf(frames: readonly Buffer[]): WireMessage {
  const start = frames.findIndex((frame) => frame.toString() === delimiter);
  const [header, parent, , content] = frames.slice(start + 2, start + 6).map((frame) => JSON.parse(frame.toString()));
  return { type: header.msg_type, parentId: parent.msg_id, content };
}
