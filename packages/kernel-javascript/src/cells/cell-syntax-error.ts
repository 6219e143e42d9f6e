import type { CellPosition } from "./compiled-cell.ts";
import { sourceExcerpt } from "./source-excerpt.ts";

/**
 * A cell that cannot be parsed.
 *
 * **Cause:** the user's code. **What to do:** show it as the cell's error; nothing of the cell ran.
 */
export class CellSyntaxError extends SyntaxError {
  override readonly name = "SyntaxError";
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 0. */
  readonly column: number;
  /** The line, and a caret below the column. */
  readonly excerpt: string;
  readonly cellName: string;

  constructor(
    message: string,
    place: CellPosition & { readonly source: string; readonly cellName: string },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.line = place.line;
    this.column = place.column;
    this.excerpt = sourceExcerpt(place.source, place);
    this.cellName = place.cellName;
    this.stack = `${place.cellName}:${place.line}\n${this.excerpt}\n\nSyntaxError: ${message}`;
  }
}
