import { WebSocket } from "ws";

const pingMs = 10_000;
const maxMisses = 3;

/** Pings until the WebSocket closes; three pings without an answer end it. */
export function keepAlive(webSocket: WebSocket): void {
  let misses = 0;
  const timer = setInterval(() => {
    // A client that reads slowly has not come to the ping yet; whether its connection lives, the tunnel finds out.
    if (webSocket.bufferedAmount > 0) misses = 0;
    if (misses === maxMisses) {
      webSocket.terminate();
      return;
    }
    misses += 1;
    if (webSocket.readyState === WebSocket.OPEN) webSocket.ping();
  }, pingMs);
  const answered = (): void => {
    misses = 0;
  };
  webSocket.on("pong", answered);
  webSocket.on("message", answered);
  webSocket.once("close", () => clearInterval(timer));
}
