import type { CellPosition } from "./compiled-cell.ts";

const widest = 160;

/** The line of a position and a caret below its column; of a very long line only what is around the column. */
export function sourceExcerpt(source: string, position: CellPosition): string {
  const line = source.split(/\r\n|[\n\r\u2028\u2029]/)[position.line - 1] ?? "";
  const column = Math.min(position.column, line.length);
  const from = line.length <= widest ? 0 : Math.max(0, Math.min(column - widest / 2, line.length - widest));
  const shown = line.slice(from, from + widest);
  // Tabs stay tabs, so that the caret is below its character however wide a tab is.
  const indent = shown.slice(0, column - from).replace(/[^\t]/g, " ");
  return `${shown}\n${indent}^`;
}
