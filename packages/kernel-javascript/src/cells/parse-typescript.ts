import { type ParserOptions, parse, parseExpression } from "@babel/parser";
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

// A type assertion (`<T>x`) and an element (`<T>x</T>`) exclude one another, and so do the two sorts of decorators.
const common: NonNullable<ParserOptions["plugins"]> = [
  "typescript",
  ["estree", { classFeatures: true }],
  "decoratorAutoAccessors",
  "explicitResourceManagement",
  "importAttributes",
];
const dialects: readonly NonNullable<ParserOptions["plugins"]>[] = [
  [...common, "decorators"],
  [...common, "decorators", "jsx"],
  [...common, "decorators-legacy"],
  [...common, "decorators-legacy", "jsx"],
];

/** Parses a cell of TypeScript, with JSX and decorators of either sort. */
export function parseTypeScript(source: string): { readonly cell: ParsedCell } | { readonly failure: ParseFailure } {
  let furthest: ParseFailure | undefined;
  for (const plugins of dialects) {
    if (furthest !== undefined && !mayHelp(source, plugins)) continue;
    const outcome = parseDialect(source, plugins);
    if ("cell" in outcome) return { cell: { ...outcome.cell, hasJsx: plugins.includes("jsx") } };
    if (furthest === undefined || outcome.failure.offset > furthest.offset) furthest = outcome.failure;
  }
  return { failure: furthest ?? { message: "Invalid code", offset: 0, isIncomplete: false } };
}

function mayHelp(source: string, plugins: NonNullable<ParserOptions["plugins"]>): boolean {
  return (source.includes("<") || !plugins.includes("jsx")) && (source.includes("@") || plugins.includes("decorators"));
}

function parseDialect(
  source: string,
  plugins: NonNullable<ParserOptions["plugins"]>,
): { readonly cell: ParsedCell } | { readonly failure: ParseFailure } {
  const options: ParserOptions = {
    sourceType: "script",
    allowAwaitOutsideFunction: true,
    allowImportExportEverywhere: true,
    allowUndeclaredExports: true,
    attachComment: false,
    // What is wrong only because a cell is no module is recovered from and left out below.
    errorRecovery: true,
    plugins,
    createImportExpressions: true,
  };
  try {
    const file = parse(source, options);
    const errors = (file.errors ?? []) as readonly unknown[];
    const program = file.program as unknown as SyntaxNode;
    const isBlock = isLoneBlock(program, source);
    const error =
      errors.filter(isParserError).find((candidate) => !isHarmless(candidate)) ?? misplaced(source, program);
    const literal =
      isBlock || (error !== undefined && looksLikeObject(source)) ? objectLiteral(source, options) : undefined;
    if (literal !== undefined) return { cell: { program: literal, isObjectLiteral: true } };
    if (error !== undefined) return { failure: failureFromParserError(source, error) };
    return { cell: { program, isObjectLiteral: false } };
  } catch (error) {
    if (isTooDeep(error)) return { failure: tooDeep };
    if (!isParserError(error)) throw error;
    const literal = looksLikeObject(source) ? objectLiteral(source, options) : undefined;
    if (literal !== undefined) return { cell: { program: literal, isObjectLiteral: true } };
    return { failure: failureFromParserError(source, error) };
  }
}

// Wrong only in a script, or only for the type checker.
const harmless: ReadonlySet<unknown> = new Set([
  "UnexpectedUsingDeclaration",
  "OverrideNotInSubClass",
  "NonAbstractClassHasAbstractMethod",
]);

function isHarmless(error: Error): boolean {
  if ("code" in error && error.code === "BABEL_PARSER_SOURCETYPE_MODULE_REQUIRED") return true;
  return "reasonCode" in error && harmless.has(error.reasonCode);
}

function misplaced(source: string, program: SyntaxNode): (Error & { readonly pos: number }) | undefined {
  if (!/\b(?:im|ex)port\b/.test(source)) return undefined;
  const top = new Set(childrenOf(program, "body"));
  let position: number | undefined;
  walk(program, (node) => {
    // Modules and namespaces have exports of their own.
    if (node.type === "TSModuleBlock") return false;
    if (/^(?:Import|Export)\w*Declaration$/.test(node.type) && !top.has(node)) position ??= node.start;
  });
  const message = "'import' and 'export' may only appear at the top level";
  return position === undefined ? undefined : Object.assign(new SyntaxError(message), { pos: position });
}

function looksLikeObject(source: string): boolean {
  return /^\s*\{[\s\S]*\}\s*$/.test(source);
}

function objectLiteral(source: string, options: ParserOptions): SyntaxNode | undefined {
  try {
    const expression = parseExpression(source, { ...options, errorRecovery: false }) as unknown as SyntaxNode;
    if (expression.type !== "ObjectExpression") return undefined;
    const statement = { type: "ExpressionStatement", start: expression.start, end: expression.end, expression };
    return { type: "Program", start: 0, end: source.length, body: [statement] };
  } catch (error) {
    if (!isParserError(error)) throw error;
    return undefined;
  }
}
