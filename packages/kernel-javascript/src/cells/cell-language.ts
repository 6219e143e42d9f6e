import type { ParseCell } from "./parsed-cell.ts";
import { parseJavaScript } from "./parse-javascript.ts";

/** What a cell is written in. */
export type CellLanguage = "javascript" | "typescript";

const parsers: Record<CellLanguage, ParseCell | undefined> = { javascript: parseJavaScript, typescript: undefined };

/**
 * Loads the parser of a language; TypeScript's takes some 15 ms, so a kernel calls this when it is idle.
 * `compileCell` and `isCompleteCell` of TypeScript need it done.
 */
export async function prepareLanguage(language: CellLanguage): Promise<void> {
  if (language !== "typescript") return;
  const { parseTypeScript } = await import("./parse-typescript.ts");
  parsers.typescript = parseTypeScript;
}

/** The parser of a language that was prepared. JavaScript's is always there. */
export function parserOf(language: CellLanguage): ParseCell {
  const parser = parsers[language];
  if (parser === undefined) throw new Error(`the parser of ${language} is not loaded: wait for prepareLanguage first`);
  return parser;
}
