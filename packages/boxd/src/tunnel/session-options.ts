import type { ServerSessionOptions } from "node:http2";

/** One stream may have this much under way: enough for full speed on a local socket, small enough for many unread streams. */
const streamWindowBytes = 1024 * 1024;
/** What all streams of a tunnel together may have under way. */
export const sessionWindowBytes: number = 32 * 1024 * 1024;

/** HTTP/2 options of a tunnel's box end. */
export const sessionOptions: ServerSessionOptions = {
  settings: { initialWindowSize: streamWindowBytes, maxConcurrentStreams: 10_000, enablePush: false },
  // In MiB. Node refuses new streams above it, and the default of 10 is reached by a few clients that do not read.
  maxSessionMemory: 512,
};
