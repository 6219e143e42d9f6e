import type { OutputLimit } from "@kernelbox/protocol";
import { streamTextSize } from "./stream-text-size.ts";
import { type WireMessage, objectFromBytes } from "./wire.ts";

const richTypes: ReadonlySet<string> = new Set(["display_data", "update_display_data", "execute_result"]);

/**
 * Counts the output of one execution and drops what is past its limit. It stays in force when the execution has
 * ended: a thread that prints on counts against the cell that started it.
 */
export class OutputLimiter {
  private readonly limit: OutputLimit;
  private textBytes = 0;
  private richBytes = 0;
  private omitted = 0;

  constructor(limit: OutputLimit) {
    this.limit = limit;
  }

  /** Bytes counted and dropped so far. */
  get omittedBytes(): number {
    return this.omitted;
  }

  /** What of an iopub message may go on: all, a cut one, or nothing. Messages that are no output always may. */
  take(type: string, message: WireMessage): WireMessage | undefined {
    if (type === "stream") return this.takeStream(message);
    return richTypes.has(type) ? this.takeRich(message) : message;
  }

  private takeStream(message: WireMessage): WireMessage | undefined {
    const room = this.limit.text - this.textBytes;
    const known = streamTextSize(message.content);
    if (known !== undefined && known <= room) {
      this.textBytes += known;
      return message;
    }
    const content = objectFromBytes(message.content);
    const text = typeof content["text"] === "string" ? content["text"] : "";
    const size = Buffer.byteLength(text);
    if (size <= room) {
      this.textBytes += size;
      return message;
    }
    // From the first cut on nothing fits, so that the text has no hole in its middle.
    this.textBytes = this.limit.text;
    const kept = room > 0 ? cutUtf8(Buffer.from(text), room) : "";
    this.omitted += size - Buffer.byteLength(kept);
    return kept === "" ? undefined : { ...message, content: Buffer.from(JSON.stringify({ ...content, text: kept })) };
  }

  private takeRich(message: WireMessage): WireMessage | undefined {
    let size = message.content.length;
    for (const buffer of message.buffers) size += buffer.length;
    if (this.richBytes + size > this.limit.rich) {
      this.omitted += size;
      return undefined;
    }
    this.richBytes += size;
    return message;
  }
}

/** The longest text whose UTF-8 bytes are a beginning of `bytes` and at most `maxBytes` long. */
export function cutUtf8(bytes: Buffer, maxBytes: number): string {
  let end = Math.min(maxBytes, bytes.length);
  // 10xxxxxx continues a character: the cut goes before the character's first byte.
  while (end > 0 && end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
