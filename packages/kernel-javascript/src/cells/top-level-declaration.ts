import { type SyntaxNode, childOf } from "./syntax-tree.ts";

/** What a top-level statement declares for the code, with or without `export`; nothing for types. */
export function topLevelDeclaration(statement: SyntaxNode): SyntaxNode | undefined {
  const isExport = statement.type === "ExportNamedDeclaration" || statement.type === "ExportDefaultDeclaration";
  const declaration = isExport ? childOf(statement, "declaration") : statement;
  if (declaration === undefined || declaration["declare"] === true) return undefined;
  switch (declaration.type) {
    case "VariableDeclaration":
      return declaration;
    case "FunctionDeclaration":
    case "ClassDeclaration":
      // `export default function () {}` declares nothing.
      return childOf(declaration, "id") === undefined ? undefined : declaration;
    default:
      return undefined;
  }
}
