import type { Http2Session } from "node:http2";
import type { Log } from "../log.ts";

const pingIntervalMs = 10_000;
const allowedMisses = 3;

/** Pings the other end every 10 s and destroys the session after three pings in a row without an answer. */
export function keepAlive(session: Http2Session, log: Log, intervalMs: number = pingIntervalMs): void {
  let misses = 0;
  const timer = setInterval(() => {
    // It may be destroyed for a while before it says that it closed.
    if (session.destroyed) return;
    if (misses >= allowedMisses) {
      log("a tunnel's other end does not answer", { seconds: (misses * intervalMs) / 1000 });
      session.destroy();
      return;
    }
    misses += 1;
    session.ping((error) => {
      if (error === null) misses = 0;
    });
  }, intervalMs);
  timer.unref();
  session.once("close", () => clearInterval(timer));
}
