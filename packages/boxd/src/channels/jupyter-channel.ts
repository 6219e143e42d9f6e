import type { Duplex } from "node:stream";
import { sequenceHeaderBytes } from "@kernelbox/protocol";
import type { RawData, WebSocket } from "ws";
import { type WireMessage, fieldsFromHeader, objectFromBytes } from "../kernels/wire.ts";
import { isOfAskedRestart } from "./asked-restarts.ts";
import type { ChannelTarget } from "./channel-target.ts";
import { closeCodes } from "./close-codes.ts";
import { JournalCursor } from "./journal-cursor.ts";
import { decodeJson, encodeJson } from "./json-codec.ts";
import { bytesFromRawData } from "./raw-data.ts";
import { resumeSession } from "./session-places.ts";
import { decodeV1 } from "./v1-codec.ts";

/** The subprotocol that Jupyter's own clients negotiate. */
export const jupyterSubprotocol = "v1.kernel.websocket.jupyter.org";

/** How a stock Jupyter client is served. */
export type JupyterChannelOptions = {
  readonly webSocket: WebSocket;
  readonly socket: Duplex;
  /** `session_id` of the request's query; absent: learnt from the client's first message. */
  readonly session: string | undefined;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/**
 * Serves a stock Jupyter client, from now on, or where its query names a session that was connected before, from where
 * that one was. It gets all output, but replies and input requests only of its own sessions, as from a Jupyter server.
 */
export function serveJupyterChannel(target: ChannelTarget, options: JupyterChannelOptions): void {
  const { webSocket } = options;
  const isV1 = webSocket.protocol === jupyterSubprotocol;
  const sessions = new Set(options.session === undefined ? [] : [options.session]);
  const detach = target.attachClient(() => webSocket.close(closeCodes.deleted, "the kernel was deleted"));
  const { journal } = target;
  const place = options.session === undefined ? undefined : resumeSession(journal, options.session);
  const cursor = new JournalCursor({
    journal,
    webSocket,
    socket: options.socket,
    after: place?.sequence ?? journal.head,
    frameFromEntry: (entry) => {
      const bytes = entry.subarray(sequenceHeaderBytes);
      const sequence = sequenceOf(entry);
      if (place) place.sequence = sequence;
      const decoded = decodeV1(bytes);
      if (!decoded) return undefined;
      const { channel, message } = decoded;
      if (channel !== "iopub" && !sessions.has(fieldsFromHeader(message.parentHeader).session)) return undefined;
      const state = channel === "iopub" ? shortStatus(message) : undefined;
      if (state === "starting" || (state === "restarting" && isOfAskedRestart(journal, sequence))) return undefined;
      return isV1 ? bytes : encodeJson(decoded);
    },
    onGap: (from, to) => {
      options.log("a slow Jupyter client missed messages", { context: target.id, from, to });
    },
  });
  webSocket.on("message", (data: RawData, isBinary: boolean) => {
    const bytes = bytesFromRawData(data);
    const received = isV1 ? decodeV1(bytes) : decodeJson(bytes, isBinary);
    if (!received) return webSocket.close(closeCodes.invalidFrame, "a frame is no Jupyter message");
    sessions.add(fieldsFromHeader(received.message.header).session);
    target.submit(received.channel, received.message);
  });
  webSocket.once("close", () => {
    cursor.close();
    detach();
  });
  // What came while the session was away.
  cursor.pump();
}

/** The number in front of a journal's entry. Two 32-bit halves: BigInt would cost an allocation a message. */
function sequenceOf(entry: Buffer): number {
  return entry.readUInt32BE(0) * 0x1_0000_0000 + entry.readUInt32BE(sequenceHeaderBytes - 4);
}

/**
 * The state in a message that says only that. A client that hears "starting" would wait for another word, but boxd takes
 * cells at any time; and "restarting" after a restart that was asked for would look like a crash.
 */
function shortStatus({ content }: WireMessage): unknown {
  // Most output is longer, and is not parsed for this.
  return content.length > 64 ? undefined : objectFromBytes(content)["execution_state"];
}
