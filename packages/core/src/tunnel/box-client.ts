import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import { Agent, type Dispatcher } from "undici";
import { z } from "zod";
import { AbortError } from "../errors/abort-error.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import { errorFromFailure } from "./failure-error.ts";
import type { Tunnel } from "./tunnel.ts";

/** No JSON answer of boxd comes near it; a box that sends more is not believed. */
const longestAnswerBytes = 64 * 1024 * 1024;

/** What a request to boxd's API is made of. */
export type BoxRequest = {
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: string | Uint8Array | Readable;
  readonly signal?: AbortSignal | undefined;
  /** Whether it may be sent a second time when the tunnel broke. GET always may. */
  readonly isRepeatable?: boolean;
};

/** HTTP to boxd's API, on a pool of kept connections in the tunnel. */
export class BoxClient {
  readonly #tunnel: Tunnel;
  readonly #agent: Agent;

  constructor(tunnel: Tunnel) {
    this.#tunnel = tunnel;
    this.#agent = new Agent({
      connect: (_options, callback) => {
        tunnel.openStream("boxd").then(
          // A CONNECT stream has all that undici uses of a socket.
          (stream) => callback(null, stream as unknown as Socket),
          (error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), null),
        );
      },
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 4000,
    });
  }

  /** Sends a request; the answer's body must be read or destroyed. A status that is not 2xx is thrown. */
  async send(method: Dispatcher.HttpMethod, path: string, request: BoxRequest = {}): Promise<Dispatcher.ResponseData> {
    return repeated(method, request, () => this.#sendOnce(method, path, request));
  }

  /** Sends a request whose answer is JSON of this schema. */
  async json<T>(
    schema: z.ZodType<T>,
    method: Dispatcher.HttpMethod,
    path: string,
    request: BoxRequest = {},
  ): Promise<T> {
    const text = await repeated(method, request, async () =>
      this.#text(await this.#sendOnce(method, path, request), request.signal),
    );
    return parseAnswer(schema, text, `${method} ${path}`);
  }

  /** Sends a request whose answer holds nothing. */
  async empty(method: Dispatcher.HttpMethod, path: string, request: BoxRequest = {}): Promise<void> {
    await repeated(method, request, async () =>
      this.#text(await this.#sendOnce(method, path, request), request.signal),
    );
  }

  /** Turns what broke a body that is being read into what a user is told. */
  failure(cause: unknown, signal?: AbortSignal): Promise<unknown> {
    return signal?.aborted === true ? Promise.resolve(new AbortError(signal.reason)) : this.#tunnel.failure(cause);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #sendOnce(method: Dispatcher.HttpMethod, path: string, request: BoxRequest): Promise<Dispatcher.ResponseData> {
    const { signal, json, body, query } = request;
    if (signal?.aborted === true) throw new AbortError(signal.reason);
    let response: Dispatcher.ResponseData;
    try {
      response = await this.#agent.request({
        origin: "http://boxd",
        path: path + queryString(query),
        method,
        ...(signal === undefined ? {} : { signal }),
        ...(json === undefined ? {} : { body: JSON.stringify(json), headers: { "content-type": "application/json" } }),
        ...(body === undefined ? {} : { body, headers: { "content-type": "application/octet-stream" } }),
      });
    } catch (error) {
      throw await this.failure(error, signal);
    }
    if (response.statusCode >= 200 && response.statusCode < 300) return response;
    throw errorFromFailure(response.statusCode, await this.#text(response, signal), `${method} ${path}`);
  }

  async #text(response: Dispatcher.ResponseData, signal: AbortSignal | undefined): Promise<string> {
    try {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > longestAnswerBytes) {
          throw new KernelboxError("protocol-error", `boxd's answer is longer than ${longestAnswerBytes} bytes`);
        }
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString("utf8");
    } catch (error) {
      throw await this.failure(error, signal);
    }
  }
}

/** Once more when the tunnel broke, where that cannot do a thing twice. */
async function repeated<T>(method: Dispatcher.HttpMethod, request: BoxRequest, attempt: () => Promise<T>): Promise<T> {
  const { isRepeatable = method === "GET" } = request;
  try {
    return await attempt();
  } catch (error) {
    if (!isRepeatable || !KernelboxError.isInstance(error) || error.code !== "tunnel-lost") throw error;
    return attempt();
  }
}

/** Reads JSON of a schema; anything else is a `protocol-error` that names the request. */
export function parseAnswer<T>(schema: z.ZodType<T>, text: string, request: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new KernelboxError("protocol-error", `boxd's answer to ${request} is not JSON`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new KernelboxError(
    "protocol-error",
    `boxd's answer to ${request} has a wrong shape: ${z.prettifyError(parsed.error)}`,
    { cause: parsed.error },
  );
}

function queryString(query: BoxRequest["query"] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, String(value));
  }
  return parameters.size === 0 ? "" : `?${parameters.toString()}`;
}
