import { type ClientHttp2Session, type ClientHttp2Stream, connect } from "node:http2";
import type { Duplex } from "node:stream";

/** The part of boxd's health answer that the runtime suite looks at. */
export type BoxHealth = { readonly boxId: string; readonly pid: number };

/** Asks boxd for its health over a tunnel, with nothing but Node's own modules, and closes the tunnel. */
export async function healthThroughTunnel(tunnel: Duplex, timeoutMs = 10_000): Promise<BoxHealth> {
  const session = connect("http://boxd", { createConnection: () => tunnel });
  const timer = setTimeout(() => session.destroy(new Error(`no health within ${timeoutMs} ms`)), timeoutMs);
  try {
    return await ask(session);
  } finally {
    clearTimeout(timer);
    session.close();
    tunnel.destroy();
  }
}

function ask(session: ClientHttp2Session): Promise<BoxHealth> {
  return new Promise((resolve, reject) => {
    session.once("error", reject);
    session.once("close", () => reject(new Error("the tunnel closed before boxd answered")));
    const stream: ClientHttp2Stream = session.request({ ":method": "CONNECT", ":authority": "boxd" });
    let answer = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => (answer += text));
    stream.once("error", reject);
    stream.once("end", () => {
      try {
        resolve(healthFromAnswer(answer));
      } catch (error) {
        reject(error);
      }
    });
    stream.write("GET /kernelbox/health HTTP/1.1\r\nHost: boxd\r\nConnection: close\r\n\r\n");
  });
}

/** The JSON object is found by its braces, so that chunked and plain bodies both read. */
function healthFromAnswer(answer: string): BoxHealth {
  const [head = ""] = answer.split("\r\n", 1);
  const body: unknown = JSON.parse(answer.slice(answer.indexOf("{"), answer.lastIndexOf("}") + 1));
  if (!head.includes(" 200 ") || typeof body !== "object" || body === null)
    throw new Error(`not a health answer: ${answer}`);
  const { boxId, pid } = body as Record<string, unknown>;
  if (typeof boxId !== "string" || typeof pid !== "number") throw new Error(`not a health answer: ${answer}`);
  return { boxId, pid };
}
