import {
  type BoxControlFrame,
  type ClientControlFrame,
  boxControlFrameSchema,
  protocolVersion,
  resumableSubprotocol,
} from "@kernelbox/protocol";
import { WebSocket } from "ws";
import { withDeadline } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { Tunnel } from "../tunnel/tunnel.ts";
import { type ReceivedMessage, messageFromFrame } from "./message.ts";

const openDeadlineMs = 10_000;
/** One message of a kernel is one frame: 100 MB of stdout may be one message. */
const longestFrameBytes = 256 * 1024 * 1024;

/** What a {@link ChannelSocket} tells. All are called synchronously, in the order of the wire. */
export type ChannelSocketHandlers = {
  readonly onMessage: (message: ReceivedMessage) => void;
  readonly onControl: (frame: BoxControlFrame) => void;
  /** Once, when the socket is over; not when its opening failed. */
  readonly onClose: (error: Error) => void;
};

/** One WebSocket that speaks the resumable protocol. Never mended: after a break comes a new one. */
export class ChannelSocket {
  readonly #webSocket: WebSocket;

  private constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket;
  }

  /** Opens the WebSocket and waits until the box says what it has. */
  static async open(
    tunnel: Tunnel,
    target: { readonly contextId: string; readonly after: number | "now" },
    handlers: ChannelSocketHandlers,
  ): Promise<ChannelSocket> {
    const stream = await tunnel.openStream("boxd");
    const webSocket = new WebSocket(
      `ws://boxd/api/kernels/${encodeURIComponent(target.contextId)}/channels`,
      [resumableSubprotocol],
      { createConnection: () => stream, perMessageDeflate: false, maxPayload: longestFrameBytes },
    );
    try {
      await withDeadline(() => opened(webSocket, target, handlers), { timeoutMs: openDeadlineMs });
      if (webSocket.readyState !== WebSocket.OPEN) throw new Error("the WebSocket closed while it was opened");
    } catch (error) {
      webSocket.removeAllListeners();
      webSocket.on("error", () => undefined);
      webSocket.terminate();
      stream.destroy();
      throw error;
    }
    let lastError: Error | undefined;
    webSocket.on("error", (error) => (lastError = error));
    webSocket.once("close", (code) => {
      handlers.onClose(lastError ?? new Error(`the WebSocket closed with code ${code}`));
    });
    return new ChannelSocket(webSocket);
  }

  send(bytes: Uint8Array): void {
    if (this.#webSocket.readyState === WebSocket.OPEN) this.#webSocket.send(bytes);
  }

  control(frame: ClientControlFrame): void {
    if (this.#webSocket.readyState === WebSocket.OPEN) this.#webSocket.send(JSON.stringify(frame));
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  close(): void {
    // A paused socket does not read the other side's close.
    this.#webSocket.resume();
    this.#webSocket.close(1000);
  }
}

function opened(
  webSocket: WebSocket,
  target: { readonly contextId: string; readonly after: number | "now" },
  handlers: ChannelSocketHandlers,
): Promise<void> {
  return new Promise((resolve, reject) => {
    webSocket.once("error", reject);
    webSocket.once("close", (code) => reject(new Error(`the WebSocket closed with code ${code} while it was opened`)));
    webSocket.once("unexpected-response", (_request, response) => {
      response.resume();
      reject(refusal(target.contextId, response.statusCode ?? 0));
    });
    webSocket.once("open", () => {
      if (webSocket.protocol !== resumableSubprotocol) return reject(mismatch(`"${webSocket.protocol}"`));
      webSocket.send(
        JSON.stringify({ type: "open", protocolVersion, after: target.after } satisfies ClientControlFrame),
      );
    });
    webSocket.on("message", (data, isBinary) => {
      if (isBinary) {
        const message = messageFromFrame(data as Buffer);
        if (message !== undefined) handlers.onMessage(message);
        return;
      }
      const frame = controlFrame((data as Buffer).toString("utf8"));
      if (frame === undefined) return;
      if (frame.type === "opened" && frame.protocolVersion !== protocolVersion) {
        return reject(mismatch(`version ${frame.protocolVersion}`));
      }
      handlers.onControl(frame);
      if (frame.type === "opened") resolve();
      if (frame.type === "deleted") reject(deletedError(target.contextId));
    });
  });
}

/** `undefined` for frames of a later protocol, which are skipped. */
function controlFrame(text: string): BoxControlFrame | undefined {
  try {
    return boxControlFrameSchema.safeParse(JSON.parse(text)).data;
  } catch {
    // Not JSON: nothing that this version knows.
    return undefined;
  }
}

function refusal(contextId: string, status: number): Error {
  if (status === 404) return deletedError(contextId);
  return new KernelboxError(
    "protocol-error",
    `boxd refused the channel of context ${contextId} with status ${status}`,
    {
      details: { contextId, status },
    },
  );
}

/** The error of a context that is not there any more. */
export function deletedError(contextId: string): KernelboxError {
  return new KernelboxError("context-not-found", `the box has no context ${contextId}; it was deleted`, {
    details: { contextId },
  });
}

function mismatch(theirs: string): KernelboxError {
  return new KernelboxError(
    "protocol-mismatch",
    `boxd speaks the channel protocol ${theirs}, this SDK version ${protocolVersion} of ${resumableSubprotocol}; use an image of the SDK's version`,
  );
}
