import type { Server as HttpServer } from "node:http";
import {
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  performServerHandshake,
} from "node:http2";
import { type Server, type Socket, createServer } from "node:net";
import type { Activity } from "../activity.ts";
import type { Log } from "../log.ts";
import { type Doorway, openDoorway } from "./doorway.ts";
import { forwardPort } from "./forward-port.ts";
import { keepAlive } from "./keep-alive.ts";
import { listenOnUnixSocket } from "./listen.ts";
import { sessionOptions, sessionWindowBytes } from "./session-options.ts";
import { StreamSocket } from "./stream-socket.ts";

const closeGraceMs = 500;

/** The box's end of all its tunnels. */
export interface TunnelServer {
  /** Takes no more tunnels, lets open answers finish for a moment, then closes everything. Idempotent. */
  stop(): Promise<void>;
}

/** What {@link startTunnelServer} needs. */
export type TunnelServerOptions = {
  readonly socketPath: string;
  /** Where clients of the same machine listen for the box; see {@link openDoorway}. */
  readonly doorDirectory?: string | undefined;
  /** Gets every CONNECT stream to `boxd` as a connection. */
  readonly httpServer: HttpServer;
  readonly activity: Activity;
  readonly log: Log;
};

/** Listens on the box's Unix socket. Each connection is one tunnel: HTTP/2 with CONNECT streams only. */
export async function startTunnelServer(options: TunnelServerOptions): Promise<TunnelServer> {
  const sessions = new Map<ServerHttp2Session, Socket>();
  const take = (socket: Socket): void => {
    const session = acceptTunnel(socket, options);
    sessions.set(session, socket);
    session.once("close", () => sessions.delete(session));
  };
  const server = createServer({ noDelay: true }, take);
  await listenOnUnixSocket(server, options.socketPath);
  server.on("error", (error) => options.log("the tunnel's socket failed", { error }));

  const { doorDirectory, log } = options;
  const doorway = doorDirectory === undefined ? undefined : openDoorway(doorDirectory, take, log);
  let stopping: Promise<void> | undefined;
  return {
    stop: () => (stopping ??= stopServer({ server, doorway, sessions })),
  };
}

function acceptTunnel(socket: Socket, options: TunnelServerOptions): ServerHttp2Session {
  socket.on("error", (error) => options.log("a tunnel broke", { error: error.message }));
  const session = performServerHandshake(socket, sessionOptions);
  session.on("error", (error) => options.log("a tunnel failed", { error: error.message }));
  session.setLocalWindowSize(sessionWindowBytes);
  keepAlive(session, options.log);
  session.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    stream.on("error", (error) => options.log("a stream broke off", { error: error.message }));
    try {
      acceptStream(stream, headers, options);
    } catch (error) {
      options.log("a stream could not be served", { error });
      stream.destroy();
    }
  });
  return session;
}

function acceptStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, options: TunnelServerOptions): void {
  options.activity.touch();
  const authority = headers[":authority"] ?? "";
  if (headers[":method"] !== "CONNECT") {
    refuse(stream, 405, "only CONNECT is served here");
    return;
  }
  if (authority === "boxd") {
    stream.respond({ ":status": 200 });
    options.httpServer.emit("connection", new StreamSocket(stream));
    return;
  }
  const port = portOf(authority);
  if (port === undefined) refuse(stream, 403, `${authority} cannot be reached: name boxd or localhost:PORT`);
  else forwardPort(stream, port, options.activity);
}

function portOf(authority: string): number | undefined {
  const digits = /^localhost:(\d{1,5})$/.exec(authority)?.[1];
  const port = Number(digits);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function refuse(stream: ServerHttp2Stream, status: number, message: string): void {
  stream.resume();
  stream.respond({ ":status": status, "content-type": "text/plain" });
  stream.end(message);
}

async function stopServer({
  server,
  doorway,
  sessions,
}: {
  readonly server: Server;
  readonly doorway: Doorway | undefined;
  readonly sessions: ReadonlyMap<ServerHttp2Session, Socket>;
}): Promise<void> {
  doorway?.close();
  const closed = [
    new Promise<void>((resolve) => server.close(() => resolve())),
    ...[...sessions.keys()].map((session) => new Promise<void>((resolve) => session.once("close", () => resolve()))),
  ];
  for (const session of sessions.keys()) session.close();
  const timer = setTimeout(() => {
    for (const [session, socket] of sessions) {
      session.destroy();
      socket.destroy();
    }
  }, closeGraceMs);
  await Promise.all(closed);
  clearTimeout(timer);
}
