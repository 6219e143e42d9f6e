import type { CellNames } from "./cell-names.ts";
import type { SourceEdits } from "./source-edits.ts";
import { type SyntaxNode, childOf, childrenOf, textOf, walk } from "./syntax-tree.ts";

/** What the imports of a cell declare. */
export type CellImports = { readonly names: ReadonlySet<string>; readonly hoisted: ReadonlySet<string> };

/**
 * Turns imports into calls of one function, and takes the word `export` away.
 *
 * - `import a, { b as c } from "m" with { type: "json" }` becomes
 *   `let { "default": a, "b": c } = await importFunction("m", { with: { type: "json" } }, ["default", "b"])`;
 * - `import * as ns from "m"` becomes `let ns = await importFunction("m")`;
 * - `import "m"` becomes `void (await importFunction("m"))`;
 * - `import(x)` becomes `importFunction(x)`, `import.meta` becomes `importFunction.meta`;
 * - `export { a } from "m"` imports, `export` in front of a declaration goes, `export default x` becomes `(x)`.
 *
 * They stay where they are, so a cell can install a package first and import it after.
 */
export function rewriteImports(
  program: SyntaxNode,
  edits: SourceEdits,
  options: { readonly importFunction: string; readonly names: CellNames },
): CellImports {
  const names = new Set<string>();
  const hoisted = new Set<string>();
  for (const statement of childrenOf(program, "body")) {
    const bindings = bindingsOf(statement);
    if (bindings !== undefined) {
      const text = importText(statement, bindings, options, hoisted);
      for (const binding of bindings) names.add(binding.local);
      edits.replaceInPlace(statement.start, statement.end, text);
    } else if (statement.type === "ExportNamedDeclaration") {
      if (statement["exportKind"] === "type") continue;
      const declaration = childOf(statement, "declaration");
      // A semicolon in place of `export { a }`: the lines around must not become one statement.
      if (declaration === undefined) edits.blank(statement.start, statement.end, ";");
      else edits.blank(statement.start, declaration.start);
    } else if (statement.type === "ExportDefaultDeclaration") {
      dropExportDefault(statement, edits);
    }
  }
  rewriteDynamicImports(program, edits, options.importFunction);
  return { names, hoisted };
}

type Binding = { readonly imported: string | undefined; readonly local: string };

// `undefined` for other statements; an imported name that is `undefined` is the whole module.
function bindingsOf(statement: SyntaxNode): Binding[] | undefined {
  if (childOf(statement, "source") === undefined) return undefined;
  if (statement["importKind"] === "type" || statement["exportKind"] === "type") return undefined;
  switch (statement.type) {
    case "ImportDeclaration":
      return childrenOf(statement, "specifiers").flatMap((specifier): Binding[] => {
        if (specifier["importKind"] === "type") return [];
        const local = textOf(childOf(specifier, "local"), "name");
        if (specifier.type === "ImportNamespaceSpecifier") return [{ imported: undefined, local }];
        if (specifier.type === "ImportDefaultSpecifier") return [{ imported: "default", local }];
        return [{ imported: exportedName(childOf(specifier, "imported")), local }];
      });
    case "ExportNamedDeclaration":
      return childrenOf(statement, "specifiers").flatMap((specifier) => {
        const exported = childOf(specifier, "exported");
        const imported = exportedName(childOf(specifier, "local"));
        // Only a name can become a variable: `export { default } from "m"` binds none.
        const isName = exported?.type === "Identifier" && textOf(exported, "name") !== "default";
        return isName && specifier["exportKind"] !== "type" ? [{ imported, local: textOf(exported, "name") }] : [];
      });
    case "ExportAllDeclaration": {
      const local = textOf(childOf(statement, "exported"), "name");
      return local === "" ? [] : [{ imported: undefined, local }];
    }
    default:
      return undefined;
  }
}

function exportedName(node: SyntaxNode | undefined): string {
  return node?.type === "Identifier" ? textOf(node, "name") : textOf(node, "value");
}

function importText(
  statement: SyntaxNode,
  bindings: readonly Binding[],
  options: { readonly importFunction: string; readonly names: CellNames },
  hoisted: Set<string>,
): string {
  const named = bindings.filter((binding) => binding.imported !== undefined);
  const namespaces = bindings.filter((binding) => binding.imported === undefined);
  const call = `await ${options.importFunction}(${callArguments(statement, named)})`;
  if (bindings.length === 0) return `void (${call});`;
  const pattern = `{ ${named.map((binding) => `${JSON.stringify(binding.imported)}: ${binding.local}`).join(", ")} }`;
  const [namespace] = namespaces;
  const targets =
    namespace === undefined
      ? `${pattern} = ${call}`
      : `${namespace.local} = ${call}${named.length === 0 ? "" : `, ${pattern} = ${namespace.local}`}`;
  const kinds = new Set(bindings.map((binding) => options.names.kindOf(binding.local)));
  if (!kinds.has("variable")) return `let ${targets};`;
  if (!kinds.has("lexical")) return `var ${targets};`;
  for (const { local } of bindings) if (options.names.kindOf(local) !== "variable") hoisted.add(local);
  return `void (${targets});`;
}

function callArguments(statement: SyntaxNode, named: readonly Binding[]): string {
  const specifier = JSON.stringify(childOf(statement, "source")?.["value"]);
  const attributes = childrenOf(statement, "attributes").map((attribute) => {
    const key = exportedName(childOf(attribute, "key"));
    return `${JSON.stringify(key)}: ${JSON.stringify(childOf(attribute, "value")?.["value"])}`;
  });
  const imports = named.map((binding) => JSON.stringify(binding.imported)).join(", ");
  if (attributes.length === 0 && imports === "") return specifier;
  const withAttributes = attributes.length === 0 ? "undefined" : `{ with: { ${attributes.join(", ")} } }`;
  return imports === "" ? `${specifier}, ${withAttributes}` : `${specifier}, ${withAttributes}, [${imports}]`;
}

function dropExportDefault(statement: SyntaxNode, edits: SourceEdits): void {
  const declaration = childOf(statement, "declaration");
  // Types are gone already.
  if (declaration === undefined || declaration.type.startsWith("TS")) return;
  const isDeclaration = declaration.type === "FunctionDeclaration" || declaration.type === "ClassDeclaration";
  if (isDeclaration && childOf(declaration, "id") !== undefined) {
    edits.blank(statement.start, declaration.start);
    return;
  }
  const keywords = /^export(?:\s|\/\*[\s\S]*?\*\/|\/\/.*)+default/.exec(edits.source.slice(statement.start));
  edits.replaceInPlace(statement.start, statement.start + (keywords?.[0].length ?? 0), "await (");
  const endsInSemicolon = !isDeclaration && edits.source[statement.end - 1] === ";";
  edits.insert(statement.end - (endsInSemicolon ? 1 : 0), ")");
}

function rewriteDynamicImports(program: SyntaxNode, edits: SourceEdits, importFunction: string): void {
  walk(program, (node) => {
    if (node.type === "ImportExpression") {
      // `import.defer()` and `import.source()` are left to V8.
      if (node["phase"] == null) edits.replace(node.start, node.start + "import".length, importFunction);
    } else if (node.type === "MetaProperty" && textOf(childOf(node, "meta"), "name") === "import") {
      edits.replace(node.start, node.end, `${importFunction}.meta`);
    }
  });
}
