/** The longest frame that is accepted; a longer one is taken for a broken stream. */
const longestFrameBytes = 2 ** 31;
const moreFlag = 1;
const longFlag = 2;
const commandFlag = 4;
/** Up to this size a message is copied into one buffer, so that it is written by one call. */
const copyUpToBytes = 64 * 1024;

/** One frame of ZMTP's traffic. */
export type Frame = {
  readonly body: Buffer;
  /** Another frame of the same message follows. */
  readonly hasMore: boolean;
  readonly isCommand: boolean;
};

/**
 * Cuts a byte stream into the frames of ZMTP 3, which may arrive in any pieces.
 * @see https://rfc.zeromq.org/spec/23/
 */
export class FrameReader {
  private readonly chunks: Buffer[] = [];
  private size = 0;
  /** How many bytes it takes to get on. */
  private wanted = 2;

  /** The frames that are whole with this chunk. They may share its memory. */
  read(chunk: Buffer): readonly Frame[] {
    this.chunks.push(chunk);
    this.size += chunk.length;
    // Chunks are put together only when a frame is whole: a long frame costs one copy.
    if (this.size < this.wanted) return [];
    const [first = chunk] = this.chunks;
    const bytes = this.chunks.length === 1 ? first : Buffer.concat(this.chunks, this.size);
    const frames: Frame[] = [];
    let offset = 0;
    for (let end = this.endOfFrame(bytes, offset); end <= bytes.length; end = this.endOfFrame(bytes, offset)) {
      frames.push(frameFrom(bytes, offset, end));
      offset = end;
    }
    this.wanted = this.endOfFrame(bytes, offset) - offset;
    this.chunks.length = 0;
    this.size = bytes.length - offset;
    if (this.size > 0) this.chunks.push(bytes.subarray(offset));
    return frames;
  }

  /** Where the frame at `offset` ends, or its head where that is not there yet; never at or before what is there. */
  private endOfFrame(bytes: Buffer, offset: number): number {
    const available = bytes.length - offset;
    if (available < 2) return offset + 2;
    const isLong = ((bytes[offset] ?? 0) & longFlag) !== 0;
    if (!isLong) return offset + 2 + (bytes[offset + 1] ?? 0);
    if (available < 9) return offset + 9;
    const size = bytes.readBigUInt64BE(offset + 1);
    if (size > longestFrameBytes) throw new Error(`a frame of ${size} bytes was announced`);
    return offset + 9 + Number(size);
  }
}

function frameFrom(bytes: Buffer, start: number, end: number): Frame {
  const flags = bytes[start] ?? 0;
  const body = bytes.subarray(start + ((flags & longFlag) === 0 ? 2 : 9), end);
  return { body, hasMore: (flags & moreFlag) !== 0, isCommand: (flags & commandFlag) !== 0 };
}

/** The bytes of one message of several frames, as buffers to write one after the other. */
export function bytesFromMessage(frames: readonly (Buffer | string)[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let size = 0;
  for (const [index, frame] of frames.entries()) {
    const body = typeof frame === "string" ? Buffer.from(frame) : frame;
    const head = headOf(body.length, index < frames.length - 1 ? moreFlag : 0);
    pieces.push(head, body);
    size += head.length + body.length;
  }
  return size <= copyUpToBytes ? [Buffer.concat(pieces, size)] : pieces;
}

/** The bytes of a command, such as READY. */
export function bytesFromCommand(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from([name.length]), Buffer.from(name, "latin1"), data]);
  return Buffer.concat([headOf(body.length, commandFlag), body]);
}

function headOf(size: number, flags: number): Buffer {
  if (size < 256) return Buffer.from([flags, size]);
  const head = Buffer.alloc(9);
  head[0] = flags | longFlag;
  head.writeBigUInt64BE(BigInt(size), 1);
  return head;
}
