/** One message between a host and a runner: a name, and fields of any bytes. */
export type Frame = { readonly name: string; readonly fields: readonly Buffer[] };

const lineEnd = 0x0a;
/** A name and some lengths; what is longer is no frame. */
const longestHead = 64 * 1024;

/** `NAME LENGTH LENGTH…`, a line end, and then the bytes of the fields, with nothing between them. */
export function encodeFrame(name: string, fields: readonly (string | Buffer)[] = []): Buffer {
  const bytes = fields.map((field) => (typeof field === "string" ? Buffer.from(field) : field));
  const head = [name, ...bytes.map((field) => field.length)].join(" ");
  return Buffer.concat([Buffer.from(`${head}\n`), ...bytes]);
}

type Head = { readonly name: string; readonly lengths: readonly number[]; readonly total: number };

/** Puts frames together from pieces of any size. */
export class FrameReader {
  #pieces: Buffer[] = [];
  #length = 0;
  /** The frame whose fields are still coming in. */
  #head: Head | undefined;

  /**
   * The frames that are complete now.
   * @throws Error what came is no frame, after which nothing more can be understood
   */
  push(piece: Buffer): readonly Frame[] {
    this.#pieces.push(piece);
    this.#length += piece.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) frames.push(frame);
    return frames;
  }

  #next(): Frame | undefined {
    this.#head ??= this.#readHead();
    const head = this.#head;
    if (head === undefined || this.#length < head.total) return undefined;
    const bytes = this.#take(head.total);
    this.#head = undefined;
    let start = 0;
    const fields = head.lengths.map((length) => bytes.subarray(start, (start += length)));
    return { name: head.name, fields };
  }

  #readHead(): Head | undefined {
    if (this.#length === 0) return undefined;
    const bytes = this.#whole();
    const end = bytes.indexOf(lineEnd);
    if (end === -1 && bytes.length <= longestHead) return undefined;
    const line = bytes.subarray(0, end === -1 ? longestHead : end).toString("latin1");
    const [name = "", ...words] = line.split(" ");
    if (end === -1 || !/^[a-z][a-z-]*$/.test(name) || !words.every((word) => /^\d{1,12}$/.test(word))) {
      throw new Error(`not a frame: ${JSON.stringify(line.slice(0, 200))}`);
    }
    this.#take(end + 1);
    const lengths = words.map(Number);
    return { name, lengths, total: lengths.reduce((sum, length) => sum + length, 0) };
  }

  #whole(): Buffer {
    const [only] = this.#pieces;
    const whole = only !== undefined && this.#pieces.length === 1 ? only : Buffer.concat(this.#pieces);
    this.#pieces = [whole];
    return whole;
  }

  #take(length: number): Buffer {
    const whole = this.#whole();
    this.#pieces = [whole.subarray(length)];
    this.#length -= length;
    return whole.subarray(0, length);
  }
}
