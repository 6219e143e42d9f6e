import { type CellLanguage, parserOf } from "./cell-language.ts";

/** Whether a console should run a cell, or let its user go on writing. */
export type CellCompleteness = {
  readonly status: "complete" | "incomplete" | "invalid";
  /** What the next line starts with, when there is one. */
  readonly indent: string;
};

/** Tells whether a cell is complete, could be completed by more text, or is wrong whatever follows. */
export function isCompleteCell(source: string, language: CellLanguage): CellCompleteness {
  const outcome = parserOf(language)(source);
  if ("cell" in outcome) return { status: "complete", indent: "" };
  if (!outcome.failure.isIncomplete) return { status: "invalid", indent: "" };
  return { status: "incomplete", indent: indentOfNextLine(source) };
}

function indentOfNextLine(source: string): string {
  const lines = source.split(/\r\n|[\n\r\u2028\u2029]/).filter((line) => line.trim() !== "");
  const last = lines.at(-1) ?? "";
  const indent = /^[ \t]*/.exec(last)?.[0] ?? "";
  if (!/[([{]\s*(?:\/\/.*)?$|=>\s*$/.test(last)) return indent;
  return indent + (indent.includes("\t") ? "\t" : "  ");
}
