const frameOfCell = /^\s*(?:File "?)?(?:(?:Cell|Input) In ?\[(\d+)\]|<ipython-input-(\d+)-\w+>)/;
const lineNumber = /(?:, line |:|<cell line: )(\d+)/;
const sourceWithoutFile = /^\s*File "?<(?:string|unknown|stdin|tokenize|ast|cell)[^>]*>"?(?:, line |:)(\d+)/;
const arrow = /^-+>\s*(\d+)/;
const chained = /^(?:The above exception was the direct cause|During handling of the above exception)/;

type Frame = { readonly cell: string; line: number | undefined };

/**
 * The line of the code that was run, from a Python traceback: the innermost frame that is in the same cell as the
 * outermost one, which is the cell that was run (others are where its functions were defined).
 *
 * @param lines - The traceback without colour codes.
 */
export function lineNumberFromTraceback(lines: readonly string[]): number | undefined {
  const last = lines.findLastIndex((line) => chained.test(line));
  const frames: Frame[] = [];
  let current: Frame | undefined;
  let fallback: number | undefined;
  for (const line of lines.slice(last + 1)) {
    const cell = frameOfCell.exec(line);
    const pointed = arrow.exec(line)?.[1];
    if (cell !== null) {
      const number = lineNumber.exec(line.slice(cell[0].length))?.[1];
      current = { cell: cell[1] ?? cell[2] ?? "", line: number === undefined ? undefined : Number(number) };
      frames.push(current);
    } else if (pointed !== undefined) {
      if (current !== undefined) current.line ??= Number(pointed);
    } else {
      const number = sourceWithoutFile.exec(line)?.[1];
      if (number !== undefined) fallback ??= Number(number);
    }
  }
  const ran = frames[0]?.cell;
  return frames.findLast((frame) => frame.cell === ran && frame.line !== undefined)?.line ?? fallback;
}
