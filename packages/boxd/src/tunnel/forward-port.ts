import type { ServerHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { type Socket, connect } from "node:net";
import type { Activity } from "../activity.ts";

const connectTimeoutMs = 10_000;

/** Joins a CONNECT stream to a TCP port of the box. Each direction ends on its own, as in TCP. */
export function forwardPort(stream: ServerHttp2Stream, port: number, activity: Activity): void {
  const release = activity.hold();
  // By name, so that servers which listen on ::1 alone are reached too.
  const socket = connect({ host: "localhost", port, allowHalfOpen: true, noDelay: true, autoSelectFamily: true });
  let connected = false;
  const timer = setTimeout(
    () => socket.destroy(new Error(`port ${port} did not answer in ${connectTimeoutMs} ms`)),
    connectTimeoutMs,
  );

  socket.once("connect", () => {
    connected = true;
    clearTimeout(timer);
    if (stream.destroyed) {
      socket.destroy();
      return;
    }
    stream.respond({ ":status": 200 });
    stream.pipe(socket);
    socket.pipe(stream);
  });
  socket.on("error", (error) => {
    if (stream.destroyed) return;
    if (connected) stream.close(constants.NGHTTP2_CONNECT_ERROR);
    else refuse(stream, error);
  });
  stream.on("error", () => socket.destroy());
  stream.once("aborted", () => socket.destroy());
  stream.once("close", () => {
    clearTimeout(timer);
    release();
    endAfterStream(stream, socket);
  });
}

/** The stream closes once both directions ended; a stream that was cut takes the socket with it. */
function endAfterStream(stream: ServerHttp2Stream, socket: Socket): void {
  if (stream.rstCode !== constants.NGHTTP2_NO_ERROR || stream.aborted) socket.destroy();
  else if (!socket.writableEnded) socket.end();
}

function refuse(stream: ServerHttp2Stream, error: Error): void {
  stream.resume();
  stream.respond({ ":status": 502, "content-type": "text/plain" });
  stream.end(error.message === "" ? String(error) : error.message);
}
