import { type Options, parse, parseExpressionAt } from "acorn";
import {
  type ParseFailure,
  type ParsedCell,
  failureFromParserError,
  isTooDeep,
  tooDeep,
  isLoneBlock,
  isParserError,
} from "./parsed-cell.ts";
import { type SyntaxNode, childrenOf, walk } from "./syntax-tree.ts";
import { isAcceptedByV8, v8SyntaxError } from "./v8-syntax-error.ts";

// As V8's REPL mode: sloppy until the code says otherwise, with `await` at the top; and with imports, which we rewrite.
const options: Options = {
  ecmaVersion: "latest",
  sourceType: "script",
  allowAwaitOutsideFunction: true,
  allowImportExportEverywhere: true,
  allowHashBang: true,
};

/** Parses a cell of JavaScript. */
export function parseJavaScript(source: string): { readonly cell: ParsedCell } | { readonly failure: ParseFailure } {
  try {
    const program = parse(source, options) as unknown as SyntaxNode;
    checkModuleStatements(source, program);
    if (isLoneBlock(program, source)) {
      const literal = objectLiteral(source);
      if (literal !== undefined) return { cell: { program: literal, isObjectLiteral: true } };
    }
    return { cell: { program, isObjectLiteral: false } };
  } catch (error) {
    if (isTooDeep(error) && isAcceptedByV8(source)) return { cell: asItIs(source) };
    if (isTooDeep(error)) return { failure: tooDeep };
    if (!isParserError(error)) throw error;
    const literal = /^\s*\{[\s\S]*\}\s*$/.test(source) ? objectLiteral(source) : undefined;
    if (literal !== undefined) return { cell: { program: literal, isObjectLiteral: true } };
    const failure = failureFromParserError(source, error);
    // V8 decides what JavaScript is; newer syntax than our parser knows just misses our edits.
    if (!hasOwnWords(failure) && isAcceptedByV8(source)) return { cell: asItIs(source) };
    // V8's own words are the ones that people know and search for.
    return { failure: hasOwnWords(failure) ? failure : { ...failure, ...v8SyntaxError(source, failure.offset) } };
  }
}

// What V8 would put otherwise, since it sees the cell as the body of a function.
function hasOwnWords({ message }: ParseFailure): boolean {
  return message === "Unexpected end of input" || /^'(?:import|return)'/.test(message);
}

function asItIs(source: string): ParsedCell {
  return { program: { type: "Program", start: 0, end: source.length, body: [] }, isObjectLiteral: false };
}

function checkModuleStatements(source: string, program: SyntaxNode): void {
  if (!/\b(?:im|ex)port\b/.test(source)) return;
  const top = new Set(childrenOf(program, "body"));
  walk(program, (node) => {
    if (!/^(?:Import|Export)\w*Declaration$/.test(node.type) || top.has(node)) return;
    const message = "'import' and 'export' may only appear at the top level";
    throw Object.assign(new SyntaxError(message), { pos: node.start });
  });
}

function objectLiteral(source: string): SyntaxNode | undefined {
  try {
    const start = source.search(/\S/);
    const expression = parseExpressionAt(source, start, options) as unknown as SyntaxNode;
    if (expression.type !== "ObjectExpression" || source.slice(expression.end).trim() !== "") return undefined;
    const statement = { type: "ExpressionStatement", start, end: expression.end, expression };
    return { type: "Program", start: 0, end: source.length, body: [statement] };
  } catch (error) {
    if (!isParserError(error)) throw error;
    return undefined;
  }
}
