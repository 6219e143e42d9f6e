import type { Duplex } from "node:stream";
import { resumableSubprotocol } from "@kernelbox/protocol";
import { type WebSocket, WebSocketServer } from "ws";
import type { UpgradeContext, UpgradeRoute } from "../http/router.ts";
import type { ChannelTarget } from "./channel-target.ts";
import { jupyterSubprotocol, serveJupyterChannel } from "./jupyter-channel.ts";
import { keepAlive } from "./keep-alive.ts";
import { serveResumableChannel } from "./resumable-channel.ts";

/** Options of {@link createChannelServer}. */
export type ChannelServerOptions = {
  readonly findTarget: (id: string) => ChannelTarget | undefined;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** The WebSockets of all contexts. */
export interface ChannelServer {
  readonly upgradeRoutes: readonly UpgradeRoute[];
  /** Closes every WebSocket. */
  close(): void;
}

/** The largest message that a client may send. */
const maxPayloadBytes = 256 * 1024 * 1024;
/** Best first. */
const subprotocols = [resumableSubprotocol, jupyterSubprotocol] as const;

/** Serves `/api/kernels/:id/channels`. */
export function createChannelServer({ findTarget, log }: ChannelServerOptions): ChannelServer {
  const open = new Set<WebSocket>();
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxPayloadBytes,
    handleProtocols: (offered) => subprotocols.find((name) => offered.has(name)) ?? false,
  });

  const handle = ({ request, socket, head, url, parameters }: UpgradeContext): void => {
    const id = parameters["id"] ?? "";
    const target = findTarget(id);
    if (!target) return refuse(socket, id);
    server.handleUpgrade(request, socket, head, (webSocket) => {
      open.add(webSocket);
      webSocket.once("close", () => open.delete(webSocket));
      // ws closes the connection itself after an error.
      webSocket.on("error", (error) => log("a channel broke", { context: id, error: error.message }));
      keepAlive(webSocket);
      if (webSocket.protocol === resumableSubprotocol) serveResumableChannel(target, webSocket, socket);
      else {
        const session = url.searchParams.get("session_id") ?? undefined;
        serveJupyterChannel(target, { webSocket, socket, session, log });
      }
    });
  };
  return {
    upgradeRoutes: [{ path: "/api/kernels/:id/channels", handle }],
    close: () => {
      for (const webSocket of open) webSocket.terminate();
      server.close();
    },
  };
}

function refuse(socket: Duplex, id: string): void {
  const body = JSON.stringify({ code: "context-not-found", message: `there is no context ${id}` });
  const headers = ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`, "connection: close"];
  socket.end(`HTTP/1.1 404 Not Found\r\n${headers.join("\r\n")}\r\n\r\n${body}`);
}
