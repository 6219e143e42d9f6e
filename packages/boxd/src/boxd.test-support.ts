import { mkdtemp, rm } from "node:fs/promises";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { Agent, type IncomingHttpHeaders, type RequestOptions, request as requestHttp } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type BoxdConfigInput, boxdConfigSchema } from "@kernelbox/protocol";
import { type Boxd, startBoxd } from "./boxd.ts";
import { StreamSocket } from "./tunnel/stream-socket.ts";

/** An answer of boxd. */
export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** A box in this process with one tunnel to it. */
export type TestBox = {
  readonly boxd: Boxd;
  readonly directory: string;
  readonly boxId: string;
  readonly session: ClientHttp2Session;
  /** One CONNECT stream, ready to be written to. */
  open(authority: string): Promise<Duplex & { readonly status: number }>;
  call(method: string, path: string, body?: Buffer | string | object): Promise<Answer>;
  json<T>(method: string, path: string, body?: object): Promise<T>;
  close(): Promise<void>;
};

/** Starts boxd on a Unix socket in a fresh directory. */
export async function startTestBox(config: Partial<BoxdConfigInput> = {}): Promise<TestBox> {
  const directory = await mkdtemp(join(tmpdir(), "boxd-test-"));
  const boxId = `test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const socket = join(directory, "s");
  const workdir = join(directory, "work");
  const boxd = await startBoxd(boxdConfigSchema.parse({ boxId, socket, workdir, ...config }));
  const session = connectHttp2("http://boxd", {
    createConnection: () => connect(socket),
    settings: { initialWindowSize: 1024 * 1024, enablePush: false },
  });
  session.on("error", () => undefined);
  session.once("connect", () => {
    // A test that asks nothing may have closed it before it was open.
    if (!session.destroyed) session.setLocalWindowSize(32 * 1024 * 1024);
  });

  const open: TestBox["open"] = (authority) =>
    new Promise((resolve, reject) => {
      const stream = session.request({ ":method": "CONNECT", ":authority": authority });
      stream.once("error", reject);
      stream.once("response", (headers) => {
        stream.off("error", reject);
        resolve(Object.assign(new StreamSocket(stream), { status: Number(headers[":status"]) }));
      });
    });
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  Object.assign(agent, {
    createConnection: (_options: RequestOptions, done: (error: Error | null, socket?: Duplex) => void) => {
      open("boxd").then(
        (stream) => done(null, stream),
        (error: Error) => done(error),
      );
    },
  });
  const call: TestBox["call"] = (method, path, body) =>
    new Promise((resolve, reject) => {
      const request = requestHttp({ agent, method, path, host: "boxd" }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("error", reject);
        response.once("end", () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
        });
      });
      request.once("error", reject);
      request.end(typeof body === "object" && !Buffer.isBuffer(body) ? JSON.stringify(body) : body);
    });
  return {
    boxd,
    directory,
    boxId,
    session,
    open,
    call,
    json: async <T>(method: string, path: string, body?: object) =>
      JSON.parse((await call(method, path, body)).body.toString()) as T,
    close: async () => {
      agent.destroy();
      session.destroy();
      await boxd.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
