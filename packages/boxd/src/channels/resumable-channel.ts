import type { Duplex } from "node:stream";
import {
  type BoxControlFrame,
  type ClientControlFrame,
  clientControlFrameSchema,
  protocolVersion,
} from "@kernelbox/protocol";
import { type RawData, WebSocket } from "ws";
import { fieldsFromHeader } from "../kernels/wire.ts";
import type { ChannelTarget } from "./channel-target.ts";
import { closeCodes } from "./close-codes.ts";
import { JournalCursor } from "./journal-cursor.ts";
import { bytesFromRawData } from "./raw-data.ts";
import { decodeV1 } from "./v1-codec.ts";

const openTimeoutMs = 10_000;

/** Serves `v1.resumable.kernelbox` (see `protocol/channel.ts`) until the WebSocket closes. */
export function serveResumableChannel(target: ChannelTarget, webSocket: WebSocket, socket: Duplex): void {
  let cursor: JournalCursor | undefined;
  const send = (frame: BoxControlFrame): void => {
    if (webSocket.readyState === WebSocket.OPEN) webSocket.send(JSON.stringify(frame));
  };
  const detach = target.attachClient(() => {
    send({ type: "deleted" });
    webSocket.close(closeCodes.deleted, "the context was deleted");
  });
  const openTimer = setTimeout(() => {
    webSocket.close(closeCodes.notOpened, `no open frame within ${openTimeoutMs} ms`);
  }, openTimeoutMs);

  const open = (frame: Extract<ClientControlFrame, { type: "open" }>): void => {
    clearTimeout(openTimer);
    if (frame.protocolVersion !== protocolVersion) {
      const reason = `client speaks protocol version ${frame.protocolVersion}, this box ${protocolVersion}`;
      webSocket.close(closeCodes.protocolMismatch, reason);
      return;
    }
    if (cursor) return;
    const { head } = target.journal;
    send({ type: "opened", protocolVersion, head });
    cursor = new JournalCursor({
      journal: target.journal,
      webSocket,
      socket,
      // A number from the future would wait for ever; there is nothing after the head.
      after: frame.after === "now" ? head : Math.min(frame.after, head),
      frameFromEntry: (bytes) => bytes,
      onGap: (from, to) => send({ type: "gap", from, to }),
    });
    cursor.pump();
  };

  webSocket.on("message", (data: RawData, isBinary: boolean) => {
    const bytes = bytesFromRawData(data);
    if (!isBinary) {
      const frame = controlFrameFromText(bytes.toString("utf8"));
      if (!frame) webSocket.close(closeCodes.invalidFrame, "a text frame is no control frame");
      else if (frame.type === "open") open(frame);
      // An ack says what a client need not be sent again; the journal's size alone decides what is kept.
      return;
    }
    const received = decodeV1(bytes);
    if (!received) return webSocket.close(closeCodes.invalidFrame, "a binary frame is no message");
    if (!cursor) return webSocket.close(closeCodes.notOpened, "the first frame must be open");
    // Taken first and confirmed then: a confirmation that gets lost brings a repeat, which is known.
    const { messageId } = fieldsFromHeader(received.message.header);
    const after = target.journal.head;
    target.submitOnce(received.channel, received.message);
    send({ type: "received", messageId, after });
  });
  webSocket.once("close", () => {
    clearTimeout(openTimer);
    cursor?.close();
    detach();
  });
}

function controlFrameFromText(text: string): ClientControlFrame | undefined {
  try {
    return clientControlFrameSchema.parse(JSON.parse(text));
  } catch {
    // The caller closes the channel and says why.
    return undefined;
  }
}
