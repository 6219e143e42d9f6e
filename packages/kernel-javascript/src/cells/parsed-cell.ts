import type { SyntaxNode } from "./syntax-tree.ts";

/** A cell that was parsed. */
export type ParsedCell = {
  readonly program: SyntaxNode;
  /** Whether the cell is written as an object literal (`{ a: 1 }`), which a script would take for a block. */
  readonly isObjectLiteral: boolean;
  /** Whether it is in the dialect of TypeScript that has JSX. */
  readonly hasJsx?: boolean;
};

/** Where and why parsing stopped. Data, never thrown by us. */
export type ParseFailure = {
  readonly message: string;
  /** In the cell's source. */
  readonly offset: number;
  /** Whether more text behind the cell could mend it. */
  readonly isIncomplete: boolean;
};

/** Parses a cell of one language. */
export type ParseCell = (source: string) => { readonly cell: ParsedCell } | { readonly failure: ParseFailure };

/** What parsers throw. */
export type ParserError = Error & { readonly pos: number; readonly reasonCode?: string };

/** Whether a parser threw this about the code, rather than broke. */
export function isParserError(error: unknown): error is ParserError {
  return error instanceof SyntaxError && "pos" in error && typeof error.pos === "number";
}

/** What a cell fails with whose nesting is deeper than the stack. */
export const tooDeep: ParseFailure = { message: "The code is nested too deep", offset: 0, isIncomplete: false };

/** Whether a parser ran out of stack. */
export function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError || (isParserError(error) && error.message.startsWith("Not enough stack space"));
}

/** Reads what a parser says: without its own position, and with whether the text only ended too early. */
export function failureFromParserError(source: string, error: ParserError): ParseFailure {
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  const offset = Math.min(error.pos, source.length);
  const isIncomplete = endedTooEarly(source, message, offset);
  const isEnd = isIncomplete && message.startsWith("Unexpected token");
  return { message: isEnd ? "Unexpected end of input" : message, offset, isIncomplete };
}

function endedTooEarly(source: string, message: string, offset: number): boolean {
  if (/^Unterminated (?:template|comment|JSX)/.test(message)) return true;
  // A string goes on behind a backslash at the end of its line.
  if (message.startsWith("Unterminated string")) return /\\\r?\n?$/.test(source);
  if (message.startsWith("Missing catch or finally")) return source.trimEnd().endsWith("}");
  return offset >= source.length || onlyComments(source.slice(offset));
}

function onlyComments(text: string): boolean {
  return /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*$/.test(text);
}

/** Whether a program is nothing but one block, which may be an object literal. */
export function isLoneBlock(program: SyntaxNode, source: string): boolean {
  const body = program["body"] as readonly SyntaxNode[];
  return body.length === 1 && body[0]?.type === "BlockStatement" && source.trimEnd().endsWith("}");
}
