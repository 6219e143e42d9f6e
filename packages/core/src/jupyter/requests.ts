import type { ExecuteOptions } from "@kernelbox/protocol";
import type * as KernelMessage from "@jupyterlab/services/lib/kernel/messages.js";
import { createMessage } from "@jupyterlab/services/lib/kernel/messages.js";
import { serialize } from "@jupyterlab/services/lib/kernel/serialize.js";
import type { MessageHeader } from "./message.ts";

const plainProtocol = "v1.kernel.websocket.jupyter.org";
const username = "kernelbox";

/** A message on its way to the kernel: its id and its bytes. */
export type OutgoingMessage = { readonly id: string; readonly bytes: Uint8Array };

/** An `execute_request`; its id is the execution's. */
export function executeRequest(code: string, options: ExecuteOptions, session: string): OutgoingMessage {
  const message = createMessage<KernelMessage.IExecuteRequestMsg>({
    channel: "shell",
    msgType: "execute_request",
    msgId: options.executionId,
    session,
    username,
    content: {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: options.stdin.type !== "none",
      // A failed cell does not cancel those behind it.
      stop_on_error: false,
    },
  });
  // The library's JSON type knows no optional keys; serializing drops them.
  return outgoing({ ...message, metadata: { kernelbox: options } } as unknown as KernelMessage.IMessage);
}

/** A `complete_request`. `cursor` counts code points. */
export function completeRequest(id: string, code: string, cursor: number, session: string): OutgoingMessage {
  return outgoing(
    createMessage<KernelMessage.ICompleteRequestMsg>({
      channel: "shell",
      msgType: "complete_request",
      msgId: id,
      session,
      username,
      content: { code, cursor_pos: cursor },
    }),
  );
}

/** An `inspect_request`. `cursor` counts code points. */
export function inspectRequest(id: string, code: string, cursor: number, session: string): OutgoingMessage {
  return outgoing(
    createMessage<KernelMessage.IInspectRequestMsg>({
      channel: "shell",
      msgType: "inspect_request",
      msgId: id,
      session,
      username,
      content: { code, cursor_pos: cursor, detail_level: 0 },
    }),
  );
}

/** A `kernelbox_variables_request`: Jupyter's protocol has no word for it. */
export function variablesRequest(id: string, session: string): OutgoingMessage {
  const template = createMessage<KernelMessage.IInfoRequestMsg>({
    channel: "shell",
    msgType: "kernel_info_request",
    msgId: id,
    session,
    username,
    content: {},
  });
  const header = { ...template.header, msg_type: "kernelbox_variables_request" };
  return outgoing({ ...template, header } as unknown as KernelMessage.IMessage);
}

/** The answer to an `input_request`, whose header is `parent`. */
export function inputReply(id: string, value: string, parent: MessageHeader, session: string): OutgoingMessage {
  return outgoing(
    createMessage<KernelMessage.IInputReplyMsg>({
      channel: "stdin",
      msgType: "input_reply",
      msgId: id,
      session,
      username,
      content: { status: "ok", value },
      parentHeader: parent as KernelMessage.IHeader<"input_request">,
    }),
  );
}

function outgoing(message: KernelMessage.IMessage): OutgoingMessage {
  const bytes = serialize(message, plainProtocol);
  if (typeof bytes === "string") throw new TypeError("the serializer gave text for a binary protocol");
  return { id: message.header.msg_id, bytes: new Uint8Array(bytes) };
}
