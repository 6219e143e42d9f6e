import type { CellPosition } from "./compiled-cell.ts";

/** Turns offsets of a text into lines and columns, and back. Lines end as JavaScript says. */
export class LineStarts {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (const match of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) starts.push(match.index + match[0].length);
    this.#starts = starts;
    this.#length = text.length;
  }

  /** The position of an offset; one past the end is the last position. */
  positionOf(offset: number): CellPosition {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: Math.max(0, Math.min(offset, this.#length) - (this.#starts[low] ?? 0)) };
  }

  /** The offset of a position, or `undefined` where there is no such line. */
  offsetOf(position: CellPosition): number | undefined {
    const start = this.#starts[position.line - 1];
    return start === undefined ? undefined : Math.min(start + position.column, this.#length);
  }
}
