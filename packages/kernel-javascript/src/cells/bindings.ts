import { type SyntaxNode, allChildrenOf, childOf, childrenOf, textOf, walk } from "./syntax-tree.ts";

/** The names that a pattern binds: `{ a, b: [c = 1], ...d }` gives a, c, d. */
export function namesOfPattern(pattern: SyntaxNode | undefined): string[] {
  return identifiersOfPattern(pattern).map((identifier) => textOf(identifier, "name"));
}

/** The identifiers that a pattern binds or assigns to; members (`a.b = 1`) are none. */
export function identifiersOfPattern(pattern: SyntaxNode | undefined): SyntaxNode[] {
  switch (pattern?.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return childrenOf(pattern, "properties").flatMap((property) =>
        identifiersOfPattern(property.type === "Property" ? childOf(property, "value") : property),
      );
    case "ArrayPattern":
      return childrenOf(pattern, "elements").flatMap(identifiersOfPattern);
    case "AssignmentPattern":
      return identifiersOfPattern(childOf(pattern, "left"));
    case "RestElement":
      return identifiersOfPattern(childOf(pattern, "argument"));
    case "TSParameterProperty":
      return identifiersOfPattern(childOf(pattern, "parameter"));
    case "TSAsExpression":
    case "TSSatisfiesExpression":
    case "TSNonNullExpression":
      return identifiersOfPattern(childOf(pattern, "expression"));
    default:
      return [];
  }
}

/** The names of a `let`, `const`, `using` or `var` statement. */
export function namesOfDeclaration(declaration: SyntaxNode): string[] {
  return childrenOf(declaration, "declarations").flatMap((declarator) => namesOfPattern(childOf(declarator, "id")));
}

/** Whether a node is a `var` statement that makes variables. */
export function isVarDeclaration(node: SyntaxNode): boolean {
  return node.type === "VariableDeclaration" && node["kind"] === "var" && node["declare"] !== true;
}

/** Whether a node is a function of any form. */
export function isFunction(node: SyntaxNode): boolean {
  return (
    node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression"
  );
}

const barriers: ReadonlySet<string> = new Set(["StaticBlock", "PropertyDefinition", "TSModuleDeclaration"]);

/** The `var` statements of a function or program, wherever they stand in it, but not those of functions inside. */
export function varDeclarationsIn(scope: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const child of allChildrenOf(scope)) {
    walk(child, (node) => {
      if (isFunction(node) || barriers.has(node.type)) return false;
      if (isVarDeclaration(node)) found.push(node);
    });
  }
  return found;
}

/** Whether a scope between a program and one of its identifiers declares a name itself. */
export function scopeDeclares(scope: SyntaxNode, name: string): boolean {
  if (isFunction(scope)) {
    return (
      (scope.type === "FunctionExpression" && textOf(childOf(scope, "id"), "name") === name) ||
      childrenOf(scope, "params").some((parameter) => namesOfPattern(parameter).includes(name)) ||
      varDeclarationsIn(scope).some((declaration) => namesOfDeclaration(declaration).includes(name))
    );
  }
  switch (scope.type) {
    case "BlockStatement":
    case "StaticBlock":
      return childrenOf(scope, "body").some((statement) => statementDeclares(statement, name));
    case "SwitchStatement":
      return childrenOf(scope, "cases").some((branch) =>
        childrenOf(branch, "consequent").some((statement) => statementDeclares(statement, name)),
      );
    case "ForStatement":
      return declarationDeclares(childOf(scope, "init"), name);
    case "ForInStatement":
    case "ForOfStatement":
      return declarationDeclares(childOf(scope, "left"), name);
    case "CatchClause":
      return namesOfPattern(childOf(scope, "param")).includes(name);
    case "ClassExpression":
    case "ClassDeclaration":
      return textOf(childOf(scope, "id"), "name") === name;
    default:
      return false;
  }
}

function statementDeclares(statement: SyntaxNode, name: string): boolean {
  if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
    return textOf(childOf(statement, "id"), "name") === name;
  }
  return declarationDeclares(statement, name);
}

function declarationDeclares(node: SyntaxNode | undefined, name: string): boolean {
  // A `var` belongs to its function; inside a block of the program it is the program's own.
  return node?.type === "VariableDeclaration" && node["kind"] !== "var" && namesOfDeclaration(node).includes(name);
}
