import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { Duplex } from "node:stream";
import type { Activity } from "../activity.ts";
import { FailureError } from "../failure-error.ts";
import type { Log } from "../log.ts";
import { failureFromError } from "./failure-status.ts";
import { type RouteMatch, type RouteTable, createRouteTable } from "./match-route.ts";
import type { Route, UpgradeRoute } from "./router.ts";
import { sendJson } from "./send-json.ts";

/** Questions about the box, which must not keep it alive. */
const passivePaths: ReadonlySet<string> = new Set(["/kernelbox/health", "/kernelbox/usage"]);

/** What {@link createHttpServer} needs. */
export type HttpServerOptions = {
  readonly routes: readonly Route[];
  readonly upgradeRoutes: readonly UpgradeRoute[];
  readonly activity: Activity;
  readonly log: Log;
};

/**
 * The HTTP/1.1 server of boxd. It listens nowhere: each CONNECT stream to `boxd` is given to it as a connection.
 * It sets no timeouts, since bodies and answers may take as long as their commands do; a dead peer ends the tunnel.
 */
export function createHttpServer(options: HttpServerOptions): Server {
  const routes = createRouteTable(options.routes);
  const upgradeRoutes = createRouteTable(options.upgradeRoutes);
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0, noDelay: false });
  server.timeout = 0;
  server.on("request", (request, response) => void answer(request, response, routes, options));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    upgrade(request, socket, head, upgradeRoutes, options);
  });
  server.on("clientError", (error: Error, socket: Duplex) => {
    options.log("a client sent what is not HTTP", { error: error.message });
    if (socket.writable) socket.end("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    else socket.destroy();
  });
  return server;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  routes: RouteTable<Route>,
  options: HttpServerOptions,
): Promise<void> {
  const url = urlOf(request);
  const release = url && passivePaths.has(url.pathname) ? () => undefined : options.activity.hold();
  response.once("close", release);
  // A client may go at any time; what it leaves behind is the handler's to clean up, through its own streams.
  request.on("error", (error) => options.log("a request broke off", { path: request.url, error: error.message }));
  response.on("error", (error) => options.log("an answer broke off", { path: request.url, error: error.message }));
  try {
    if (!url) throw new FailureError("invalid-argument", `${JSON.stringify(request.url)} is not a path`);
    const match = routes(request.method ?? "GET", url.pathname);
    if (!match) {
      sendNotFound(request, response);
      return;
    }
    await match.route.handle({ request, response, url, parameters: match.parameters });
  } catch (error) {
    sendFailure(request, response, error, options.log);
  } finally {
    // What was not read of the body is read away, so that the connection can carry the next request.
    if (!request.complete && !request.destroyed) request.resume();
  }
}

function upgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  routes: RouteTable<UpgradeRoute>,
  options: HttpServerOptions,
): void {
  socket.on("error", (error) =>
    options.log("an upgraded connection broke off", { path: request.url, error: error.message }),
  );
  const url = urlOf(request);
  const match: RouteMatch<UpgradeRoute> | undefined = url && routes("GET", url.pathname);
  if (!url || !match) {
    socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    return;
  }
  try {
    match.route.handle({ request, socket, head, url, parameters: match.parameters });
  } catch (error) {
    options.log("an upgrade failed", { path: request.url, error });
    socket.destroy();
  }
}

function sendFailure(request: IncomingMessage, response: ServerResponse, error: unknown, log: Log): void {
  const { status, failure } = failureFromError(error);
  const clientIsGone = response.destroyed || request.socket.destroyed;
  if (failure.code === "internal" && !clientIsGone) log("a request failed", { path: request.url, error });
  if (response.headersSent) {
    // Too late for a status: a cut connection is the one way left to say that the answer is not whole.
    if (!response.writableEnded) response.destroy();
    return;
  }
  sendJson(response, status, failure);
}

function sendNotFound(request: IncomingMessage, response: ServerResponse): void {
  const message = `this box has no ${request.method ?? ""} ${request.url ?? ""}; its boxd may be older than the caller`;
  sendJson(response, 404, { code: "capability-unsupported", message });
}

function urlOf(request: IncomingMessage): URL | undefined {
  try {
    return new URL(request.url ?? "/", "http://boxd");
  } catch {
    // Not a URL: the caller answers so.
    return undefined;
  }
}
