import type { SourceEdits } from "./source-edits.ts";
import { type SyntaxNode, childOf, childrenOf } from "./syntax-tree.ts";

/**
 * Makes the last expression of a cell its value, and waits for it where it can be a promise. A cell that ends in
 * anything else (a declaration, a loop) has no value; V8 would take that of an expression before it.
 *
 * @param options - `written` is the cell as the user wrote it, where `program` is what a compiler made of it;
 *   `importFunction` is the name whose property `waitable` says what of the value can be awaited.
 */
export function rewriteCompletion(
  program: SyntaxNode,
  edits: SourceEdits,
  { written, importFunction }: { readonly written: SyntaxNode; readonly importFunction: string },
): void {
  const statements = statementsOf(program);
  const last = statements.at(-1);
  if (last === undefined || last.type === "ExportDefaultDeclaration") return;
  // An enum ends in a call when it is compiled.
  if (last.type !== "ExpressionStatement" || isDeclaration(statementsOf(written).at(-1))) {
    edits.insert(last.end, ";void 0");
    return;
  }
  if (!canBePromise(childOf(last, "expression"))) return;
  const previous = statements.at(-2);
  // Behind the statement before rather than in front of this one: so its first line keeps its columns.
  // Two: commas in the expression separate no arguments.
  const before = `await ${importFunction}.waitable((`;
  if (previous !== undefined && startsLine(edits.source, last.start))
    edits.insert(previous.end, `;${before}`, last.start);
  else edits.insert(last.start, before);
  edits.insert(last.end - (edits.source[last.end - 1] === ";" ? 1 : 0), "))");
}

function statementsOf(program: SyntaxNode): SyntaxNode[] {
  return childrenOf(program, "body").filter((statement) => statement.type !== "EmptyStatement");
}

function isDeclaration(statement: SyntaxNode | undefined): boolean {
  return statement !== undefined && statement.type.endsWith("Declaration");
}

function startsLine(source: string, offset: number): boolean {
  return /[\n\r\u2028\u2029][ \t]*$/.test(source.slice(0, offset));
}

function canBePromise(expression: SyntaxNode | undefined): boolean {
  switch (expression?.type) {
    case "Literal":
    case "TemplateLiteral":
    case "BinaryExpression":
    case "UnaryExpression":
    case "UpdateExpression":
    case "ObjectExpression":
    case "ArrayExpression":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
    case "ClassExpression":
    case "ThisExpression":
    case "AwaitExpression":
      return false;
    case "AssignmentExpression":
      return canBePromise(childOf(expression, "right"));
    default:
      return true;
  }
}
