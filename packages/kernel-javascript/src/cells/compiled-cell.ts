/** A place in a cell as editors count it: lines from 1, columns from 0 in UTF-16 code units. */
export type CellPosition = { readonly line: number; readonly column: number };

/** A cell as V8 evaluates it. */
export type CompiledCell = {
  /** For `Runtime.evaluate` with `replMode: true, awaitPromise: true`. Ends with a `sourceURL` that names the cell. */
  readonly code: string;
  /** What the user wrote. */
  readonly source: string;
  /** The name that frames of the cell carry in `error.stack`. */
  readonly cellName: string;
  /**
   * The user's position of a place in `code`.
   *
   * @param line - Counted from 1, as in `error.stack`.
   * @param column - Counted from 0: one less than in `error.stack`.
   * @returns `undefined` where the code has no such line.
   */
  originalPosition(line: number, column: number): CellPosition | undefined;
};
