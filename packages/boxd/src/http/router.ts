import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** What a route gets. `parameters` are the `:name` parts of its path, decoded. */
export type RouteContext = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly parameters: Readonly<Record<string, string>>;
};
/** Answers through `response`; a thrown `FailureError` becomes its `Failure` body, anything else a 500 `internal`. */
export type RouteHandler = (context: RouteContext) => Promise<void>;
/** `path` such as `/kernelbox/contexts/:id`. */
export type Route = { readonly method: string; readonly path: string; readonly handle: RouteHandler };

/** A WebSocket route: the handler takes the raw upgrade (usually hands it to a `ws` server with `noServer`). */
export type UpgradeContext = {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly url: URL;
  readonly parameters: Readonly<Record<string, string>>;
};
export type UpgradeRoute = { readonly path: string; readonly handle: (context: UpgradeContext) => void };
