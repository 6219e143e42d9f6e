const smallestCells = 128;
const largestKeptCells = 65_536;
const decodeAtOnce = 8192;

/**
 * A stream of text as a terminal shows it: `\r` goes to the start of the line and `\b` one back, and what is written
 * there replaces what stood there; a newline leaves the line as it is.
 *
 * A line is a plain string until something is written over it. Then it is an array of code points, so that each
 * write costs only its own length, however long the line.
 */
export class TerminalText {
  /** The lines that are complete. */
  #done = "";
  /** The last line while nothing was written over it. */
  #line = "";
  /** The last line, once something was. */
  #cells: Uint32Array | undefined;
  /** Kept from line to line: a progress bar rewrites one line after the other. */
  #spare: Uint32Array | undefined;
  #length = 0;
  #cursor = 0;
  /** The cursor stands at the start of a line that is still a string. */
  #isReturned = false;
  /** The character before the cursor was written last. */
  #wasWritten = false;

  add(written: string): void {
    if (written === "") return;
    // The usual line end of Windows programs is no rewriting.
    const text = written.includes("\r\n") ? written.replaceAll("\r\n", "\n") : written;
    if (!text.includes("\r") && !text.includes("\b") && this.#cells === undefined && !this.#isReturned) {
      const end = text.lastIndexOf("\n") + 1;
      if (end > 0) {
        this.#done += this.#line + text.slice(0, end);
        this.#line = "";
      }
      if (end < text.length) this.#line += end === 0 ? text : text.slice(end);
      return;
    }
    const controls = /[\r\b\n]/g;
    let start = 0;
    for (let match = controls.exec(text); match !== null; match = controls.exec(text)) {
      if (match.index > start) this.#write(text.slice(start, match.index));
      start = match.index + 1;
      if (match[0] === "\n") this.#newLine();
      else this.#move(match[0]);
    }
    if (start < text.length) this.#write(text.slice(start));
  }

  /** What is on the screen. */
  toString(): string {
    return this.#done + this.#lastLine();
  }

  #newLine(): void {
    this.#done += `${this.#lastLine()}\n`;
    this.#line = "";
    this.#isReturned = false;
    this.#cells = undefined;
    if (this.#spare !== undefined && this.#spare.length > largestKeptCells) this.#spare = undefined;
  }

  #move(control: string): void {
    this.#wasWritten = false;
    if (control === "\r") {
      if (this.#cells === undefined) this.#isReturned = this.#line !== "";
      else this.#cursor = 0;
    } else if (!this.#isReturned && (this.#cells !== undefined || this.#line !== "")) {
      this.#edit(this.#cells === undefined);
      this.#cursor = Math.max(0, this.#cursor - 1);
    }
  }

  #write(text: string): void {
    if (this.#isReturned) this.#edit(false);
    if (this.#cells === undefined) this.#line += text;
    else this.#overwrite(this.#cells, text);
  }

  /** Turns the line into cells, with the cursor at its start or its end. */
  #edit(isAtEnd: boolean): void {
    if (this.#cells === undefined) {
      this.#cells = this.#spare ?? new Uint32Array(smallestCells);
      this.#length = 0;
      this.#cursor = 0;
      this.#overwrite(this.#cells, this.#line);
      this.#line = "";
      if (!isAtEnd) this.#cursor = 0;
      this.#isReturned = false;
      this.#wasWritten = false;
    }
  }

  #overwrite(from: Uint32Array, text: string): void {
    let cells = from;
    if (this.#cursor + text.length > cells.length) {
      cells = new Uint32Array(Math.max(cells.length * 2, this.#cursor + text.length));
      cells.set(from.subarray(0, this.#length));
    }
    this.#cells = cells;
    this.#spare = cells;
    let cursor = this.#cursor;
    let index = 0;
    const first = text.charCodeAt(0);
    const before = cursor === 0 ? 0 : (cells[cursor - 1] ?? 0);
    // The other half of a character that was cut between two messages.
    if (this.#wasWritten && isHighSurrogate(before) && isLowSurrogate(first)) {
      cells[cursor - 1] = (before - 0xd800) * 0x400 + (first - 0xdc00) + 0x10000;
      index = 1;
    }
    while (index < text.length) {
      const codePoint = text.codePointAt(index) ?? 0;
      cells[cursor] = codePoint;
      cursor += 1;
      index += codePoint > 0xffff ? 2 : 1;
    }
    this.#cursor = cursor;
    this.#length = Math.max(this.#length, cursor);
    this.#wasWritten = true;
  }

  #lastLine(): string {
    if (this.#cells === undefined) return this.#line;
    let line = "";
    for (let start = 0; start < this.#length; start += decodeAtOnce) {
      line += String.fromCodePoint(...this.#cells.subarray(start, Math.min(this.#length, start + decodeAtOnce)));
    }
    return line;
  }
}

function isHighSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit <= 0xdbff;
}

function isLowSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xdc00 && codeUnit <= 0xdfff;
}
