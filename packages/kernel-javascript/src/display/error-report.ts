import type { CellPosition, CompiledCell } from "../cells/compiled-cell.ts";
import { sourceExcerpt } from "../cells/source-excerpt.ts";
import { type ThrownDescription, describeThrown } from "./describe-thrown.ts";

/** What a kernel says of an error: the content of Jupyter's `error` message, and the line of the cell. */
export type ErrorReport = {
  readonly ename: string;
  readonly evalue: string;
  /** One entry a line. */
  readonly traceback: readonly string[];
  /** The line, counted from 1, of the cell that was run: its innermost frame. */
  readonly lineNumber?: number;
};

/** What a report is made with. */
export type ErrorReportOptions = {
  /** The cells by the names that their frames have; a Map serves. */
  readonly cells: { get(cellName: string): CompiledCell | undefined };
  /**
   * The cell that was run.
   *
   * @default the one of the outermost frame
   */
  readonly cellName?: string;
  /** Whether a frame is of the kernel. Frames of Node itself are left out anyway. */
  readonly isKernelFrame?: (frame: string) => boolean;
};

/** Reports what code has thrown, whatever it is. */
export function errorReport(thrown: unknown, options: ErrorReportOptions): ErrorReport {
  return errorReportFromDescription(describeThrown(thrown), options);
}

/**
 * Reports what was described in another thread. The traceback is as Node prints an error that nobody catches: the line
 * where it was thrown with a caret, then the error with the frames of the user's own code and its causes. Where it was
 * thrown by a function of an earlier cell, the line of this cell that led there comes first.
 */
export function errorReportFromDescription(description: ThrownDescription, options: ErrorReportOptions): ErrorReport {
  const { name, message } = description;
  if (description.syntax !== undefined) {
    const { cellName, line, excerpt } = description.syntax;
    const traceback = [`${cellName}:${line}`, ...excerpt.split("\n"), "", ...titleLines(description)];
    return { ename: name, evalue: message, traceback, lineNumber: line };
  }
  const places = description.frames.flatMap((frame) => placeOf(frame, options) ?? []);
  const ran = options.cellName ?? places.at(-1)?.cell.cellName;
  const ofCell = places.find((place) => place.cell.cellName === ran);
  const [innermost] = places;
  const shown = [...new Set([ofCell, innermost])].filter((place) => place !== undefined);
  const excerpts = shown.flatMap(({ cell, position }) => [
    `${cell.cellName}:${position.line}`,
    ...sourceExcerpt(cell.source, position).split("\n"),
    "",
  ]);
  return {
    ename: name,
    evalue: message,
    traceback: [...excerpts, ...errorLines(description, options)],
    ...(ofCell === undefined ? {} : { lineNumber: ofCell.position.line }),
  };
}

/** A line of a stack trace with the user's own positions, or `undefined` where it is none of the user's frames. */
export function userFrame(frame: string, options: ErrorReportOptions): string | undefined {
  if (/(?:^|[\s(])node:/.test(frame) || options.isKernelFrame?.(frame) === true) return undefined;
  return frame.replace(location, (whole, cellName: string, line: string, column: string) => {
    const position = originalPlace(cellName, line, column, options)?.position;
    return position === undefined ? whole : `${cellName}:${position.line}:${position.column + 1}`;
  });
}

const location = /([^\s():]+):(\d+):(\d+)/g;

type Place = { readonly cell: CompiledCell; readonly position: CellPosition };

function placeOf(frame: string, options: ErrorReportOptions): Place | undefined {
  for (const [, cellName = "", line = "", column = ""] of frame.matchAll(location)) {
    const place = originalPlace(cellName, line, column, options);
    if (place !== undefined) return place;
  }
  return undefined;
}

function originalPlace(
  cellName: string,
  line: string,
  column: string,
  { cells }: ErrorReportOptions,
): Place | undefined {
  const cell = cells.get(cellName);
  // A stack counts columns from 1.
  const position = cell?.originalPosition(Number(line), Number(column) - 1);
  return cell === undefined || position === undefined ? undefined : { cell, position };
}

function errorLines(description: ThrownDescription, options: ErrorReportOptions): string[] {
  const frames = userFrames(description.frames, options).map((frame) => `    ${frame}`);
  const inside = [
    ...description.properties,
    ...(description.cause === undefined ? [] : nested("[cause]: ", description.cause, options)),
    ...listOfErrors(description, options),
  ];
  const lines = [...titleLines(description), ...frames];
  if (inside.length === 0) return lines;
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ""} {`, ...inside, "}"];
}

function titleLines({ name, message }: ThrownDescription): string[] {
  if (name === "Uncaught") return `Uncaught ${message}`.split("\n");
  return (message === "" ? name : `${name}: ${message}`).split("\n");
}

function nested(label: string, description: ThrownDescription, options: ErrorReportOptions): string[] {
  const [first = "", ...rest] = errorLines(description, options);
  return [`  ${label}${first}`, ...rest.map((line) => `  ${line}`)];
}

function listOfErrors(description: ThrownDescription, options: ErrorReportOptions): string[] {
  const { errors, moreErrors } = description;
  if (errors === undefined) return [];
  const items = errors.flatMap((error) => nested("", error, options)).map((line) => `  ${line}`);
  const more = moreErrors === undefined ? [] : [`    … ${moreErrors} more`];
  return ["  [errors]: [", ...items, ...more, "  ]"];
}

function userFrames(frames: readonly string[], options: ErrorReportOptions): string[] {
  const own = frames.flatMap((frame) => userFrame(frame, options) ?? []);
  // `at new Promise (<anonymous>)` says something only between frames of the user's.
  const last = own.findLastIndex((frame) => !frame.endsWith("<anonymous>)") && frame !== "at <anonymous>");
  return own.slice(0, last + 1);
}
