import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
  request as httpRequest,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { withDeadline } from "../deadline.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import type { BoxConnection } from "../sandbox/box-connection.ts";
import type { Tunnel } from "../tunnel/tunnel.ts";

/** boxd's Jupyter API on loopback. */
export type ExposedJupyter = AsyncDisposable & {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /**
   * Clients send it as `Authorization: token …`, as `?token=…`, or, where they can say neither, as the first part of
   * the path: `${url}/${token}/api/…`.
   */
  readonly token: string;
  close(): Promise<void>;
};

const listenDeadlineMs = 10_000;

/** Listens on a free port of 127.0.0.1 and pipes what has the token to boxd. */
export async function exposeJupyter(connection: BoxConnection, options: WaitOptions): Promise<ExposedJupyter> {
  const token = randomBytes(24).toString("hex");
  const server = createServer((request, response) => {
    if (!isAllowed(request, server, token)) return refuse(response);
    forward(connection.tunnel, request, response);
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    if (!isAllowed(request, server, token)) return socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
    void forwardUpgrade(connection.tunnel, request, { socket, head });
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
    return closing;
  };
  return { url: `http://127.0.0.1:${port}`, token, close, [Symbol.asyncDispose]: close };
}

async function listen(server: Server, options: WaitOptions): Promise<void> {
  try {
    await withDeadline(
      () =>
        new Promise<void>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", resolve);
        }),
      { timeoutMs: listenDeadlineMs, ...options },
    );
  } catch (error) {
    server.close();
    throw error;
  }
}

/** A page that the user's browser shows must not reach the kernel: its own host and origin, and the token. */
function isAllowed(request: IncomingMessage, server: Server, token: string): boolean {
  const { port } = server.address() as AddressInfo;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = request.headers;
  if (host === undefined || !hosts.includes(host)) return false;
  if (origin !== undefined && !hosts.includes(origin.replace(/^http:\/\//, ""))) return false;
  return isSame(tokenOf(request), token);
}

/** Some clients take nothing but an address: jupyter_server's GatewayKernelClient connects without any header. */
const tokenInPath = /^\/([0-9a-f]{48})(?=\/|$)/;

function tokenOf(request: IncomingMessage): string {
  const match = /^(?:token|bearer)\s+(\S+)$/i.exec(request.headers.authorization ?? "");
  const { pathname, searchParams } = urlOf(request);
  return match?.[1] ?? searchParams.get("token") ?? tokenInPath.exec(pathname)?.[1] ?? "";
}

/** Hashes have one length, so the time says nothing about the token. */
function isSame(given: string, token: string): boolean {
  const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}

function urlOf(request: IncomingMessage): URL {
  return new URL(`http://boxd${request.url?.startsWith("/") === true ? request.url : "/"}`);
}

/** The path without the token, which is nobody's business in the box. */
function pathOf(request: IncomingMessage): string {
  const url = urlOf(request);
  url.searchParams.delete("token");
  return (url.pathname.replace(tokenInPath, "") || "/") + url.search;
}

function headersOf(request: IncomingMessage): NodeJS.Dict<string | string[]> {
  const { authorization: _token, origin: _origin, cookie: _cookie, ...headers } = request.headers;
  return { ...headers, host: "boxd" };
}

function refuse(response: ServerResponse): void {
  response.writeHead(403, { "content-type": "application/json" }).end('{"message":"the token is missing or wrong"}');
}

function forward(tunnel: Tunnel, request: IncomingMessage, response: ServerResponse): void {
  const fail = (): void => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502, { "content-type": "application/json" }).end('{"message":"the box does not answer"}');
  };
  tunnel.openStream("boxd").then((stream) => {
    // The client may have gone while the stream was opened.
    if (response.destroyed) return stream.destroy();
    const upstream = httpRequest({
      method: request.method,
      path: pathOf(request),
      headers: { ...headersOf(request), connection: "close" },
      createConnection: () => stream,
    });
    upstream.on("error", fail);
    upstream.once("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on("error", fail);
    });
    response.once("close", () => upstream.destroy());
    request.pipe(upstream);
  }, fail);
}

async function forwardUpgrade(
  tunnel: Tunnel,
  request: IncomingMessage,
  client: { readonly socket: Duplex; readonly head: Buffer },
): Promise<void> {
  const { socket, head } = client;
  let stream: Duplex;
  try {
    stream = await tunnel.openStream("boxd");
  } catch {
    // The client sees it as a gateway that has lost its server.
    socket.end("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n");
    return;
  }
  if (socket.destroyed) {
    stream.destroy();
    return;
  }
  const headers = Object.entries(headersOf(request)).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? ""]).map((one) => `${name}: ${one}\r\n`),
  );
  stream.write(`GET ${pathOf(request)} HTTP/1.1\r\n${headers.join("")}\r\n`);
  if (head.length > 0) stream.write(head);
  stream.on("error", () => socket.destroy());
  socket.on("close", () => stream.destroy());
  stream.on("close", () => socket.destroy());
  stream.pipe(socket);
  socket.pipe(stream);
}
