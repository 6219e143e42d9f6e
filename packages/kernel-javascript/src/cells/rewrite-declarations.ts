import { namesOfDeclaration, varDeclarationsIn } from "./bindings.ts";
import type { CellNames } from "./cell-names.ts";
import type { SourceEdits } from "./source-edits.ts";
import { type SyntaxNode, childOf, childrenOf, textOf, walk } from "./syntax-tree.ts";
import { topLevelDeclaration } from "./top-level-declaration.ts";

/** What a cell declares. */
export type CellDeclarations = {
  /** Names that have to be declared by `let` in front of the cell. */
  readonly hoisted: ReadonlySet<string>;
  readonly lexical: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
  /** Those that the cell's code may not assign to. */
  readonly constants: ReadonlySet<string>;
};

/**
 * Makes the top-level declarations of a cell such that they, and later ones of any kind, can be declared again.
 *
 * V8's REPL mode takes `let` over `let`, `const` over `const` and `var` or `function` over themselves, and nothing
 * else. So `const` becomes `let` (assignments to it are made to fail elsewhere), and a name that is there already in
 * the other way is declared in that way. Nearly all of it keeps the columns of the code.
 */
export function rewriteDeclarations(program: SyntaxNode, edits: SourceEdits, names: CellNames): CellDeclarations {
  const declarations = childrenOf(program, "body").flatMap((statement) => topLevelDeclaration(statement) ?? []);
  const vars = varDeclarationsIn(program);
  const functions = declarations.filter((declaration) => declaration.type === "FunctionDeclaration");
  const lexicals = declarations.filter(isLexicalDeclaration);
  const classes = declarations.filter((declaration) => declaration.type === "ClassDeclaration");

  const assigned = assignedNames(vars, functions, names);
  const hoisted = new Set([...assigned].filter((name) => names.kindOf(name) !== "variable"));
  const loopHeads = assigned.size === 0 ? undefined : loopHeadsIn(program);
  for (const declaration of vars) {
    if (!namesOfDeclaration(declaration).some((name) => assigned.has(name))) continue;
    assignInstead(declaration, loopHeads?.has(declaration) ?? false, edits);
  }
  for (const declaration of functions) {
    const name = nameOf(declaration);
    if (assigned.has(name)) edits.hoist(declaration.start, declaration.end, `${name}=`, ";");
  }
  for (const declaration of lexicals) {
    const kinds = new Set(namesOfDeclaration(declaration).map((name) => names.kindOf(name)));
    if (!kinds.has("variable")) {
      if (declaration["kind"] === "const") edits.replace(declaration.start, declaration.start + 5, "let  ");
    } else if (kinds.has("lexical")) {
      assignInstead(declaration, false, edits);
      for (const name of namesOfDeclaration(declaration)) if (names.kindOf(name) !== "variable") hoisted.add(name);
    } else {
      declareAsVariables(declaration, edits);
    }
  }
  for (const declaration of classes) {
    if (names.kindOf(nameOf(declaration)) !== "variable") continue;
    edits.insert(declaration.start, `var ${nameOf(declaration)}=`);
    edits.insert(declaration.end, ";");
  }

  const constant = lexicals.filter((declaration) => declaration["kind"] === "const").flatMap(namesOfDeclaration);
  const lexical = [...lexicals.flatMap(namesOfDeclaration), ...classes.map(nameOf), ...hoisted];
  const variables = [...vars.flatMap(namesOfDeclaration), ...functions.map(nameOf)];
  return {
    hoisted,
    lexical: new Set(lexical),
    variables: new Set(variables.filter((name) => !hoisted.has(name))),
    constants: new Set(constant),
  };
}

function isLexicalDeclaration(node: SyntaxNode): boolean {
  // `using` is left to V8: it stands only where a scope ends.
  return node.type === "VariableDeclaration" && (node["kind"] === "let" || node["kind"] === "const");
}

function nameOf(declaration: SyntaxNode): string {
  return textOf(childOf(declaration, "id"), "name");
}

// All names of `var` statements and functions of which one is held as `let`: these statements can only assign.
function assignedNames(vars: readonly SyntaxNode[], functions: readonly SyntaxNode[], names: CellNames): Set<string> {
  const groups = [...vars.map(namesOfDeclaration), ...functions.map((declaration) => [nameOf(declaration)])];
  const assigned = new Set(groups.flat().filter((name) => names.kindOf(name) === "lexical"));
  for (let size = -1; size !== assigned.size;) {
    size = assigned.size;
    for (const group of groups) {
      if (group.some((name) => assigned.has(name))) for (const name of group) assigned.add(name);
    }
  }
  return assigned;
}

// `var a = 1, { b } = c` becomes `void(a = 1, { b } = c)`; in the head of a loop the keyword only goes.
function assignInstead(declaration: SyntaxNode, isLoopHead: boolean, edits: SourceEdits): void {
  const keywordEnd = declaration.start + textOf(declaration, "kind").length;
  if (isLoopHead) {
    edits.blank(declaration.start, keywordEnd);
    return;
  }
  edits.replace(declaration.start, keywordEnd, "void(");
  for (const declarator of childrenOf(declaration, "declarations")) {
    const id = childOf(declarator, "id");
    if (id !== undefined && childOf(declarator, "init") === undefined) edits.insert(id.end, "=void 0");
  }
  const last = childrenOf(declaration, "declarations").at(-1);
  edits.insert(last?.end ?? declaration.end, ")");
}

function loopHeadsIn(program: SyntaxNode): Set<SyntaxNode | undefined> {
  const heads = new Set<SyntaxNode | undefined>();
  walk(program, (node) => {
    if (node.type === "ForStatement") heads.add(childOf(node, "init"));
    if (node.type === "ForInStatement" || node.type === "ForOfStatement") heads.add(childOf(node, "left"));
  });
  return heads;
}

function declareAsVariables(declaration: SyntaxNode, edits: SourceEdits): void {
  edits.replaceInPlace(declaration.start, declaration.start + textOf(declaration, "kind").length, "var");
  for (const declarator of childrenOf(declaration, "declarations")) {
    const id = childOf(declarator, "id");
    // `let x;` gives x anew; `var x;` would leave what it was.
    if (id !== undefined && childOf(declarator, "init") === undefined) edits.insert(id.end, "=void 0");
  }
}
