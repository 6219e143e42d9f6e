import type { ServerResponse } from "node:http";

/** Aborted when the client leaves before it has its answer. */
export function signalOfResponse(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  response.once("close", () => {
    if (!response.writableEnded) left.abort(new Error("the client left"));
  });
  return left.signal;
}
