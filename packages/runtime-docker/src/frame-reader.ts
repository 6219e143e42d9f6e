/** One part of a multiplexed stream: 1 is stdout, 2 is stderr. */
export type Frame = { readonly channel: number; readonly payload: Buffer };

const headerBytes = 8;

/**
 * Takes the engine's multiplexed stream apart, payload by payload without waiting for whole frames (a frame may be large).
 * https://docs.docker.com/reference/api/engine/version/v1.43/#tag/Container/operation/ContainerAttach
 */
export class FrameReader {
  #header: Buffer = Buffer.alloc(0);
  #channel = 0;
  #remaining = 0;

  /** The frames, or parts of frames, in this chunk. */
  read(chunk: Buffer): readonly Frame[] {
    const frames: Frame[] = [];
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#remaining === 0) {
        rest = this.#readHeader(rest);
        continue;
      }
      const payload = rest.subarray(0, this.#remaining);
      this.#remaining -= payload.length;
      rest = rest.subarray(payload.length);
      frames.push({ channel: this.#channel, payload });
    }
    return frames;
  }

  #readHeader(chunk: Buffer): Buffer {
    const missing = headerBytes - this.#header.length;
    this.#header = Buffer.concat([this.#header, chunk.subarray(0, missing)]);
    if (this.#header.length === headerBytes) {
      this.#channel = this.#header.readUInt8(0);
      this.#remaining = this.#header.readUInt32BE(4);
      this.#header = Buffer.alloc(0);
    }
    return chunk.subarray(missing);
  }
}
