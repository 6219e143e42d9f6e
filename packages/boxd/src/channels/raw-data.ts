import type { RawData } from "ws";

/** The bytes of a WebSocket frame, not copied where that can be. */
export function bytesFromRawData(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
