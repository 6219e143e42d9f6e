import type { BindingName, ModuleName, Node, SourceFile, Statement, VariableDeclarationList } from "typescript";
import type { TypeScript } from "./load-typescript.ts";

/** How a later cell gets at a name: as a variable that it may assign to, a constant, or by importing it. */
export type TypedNameKind = "variable" | "constant" | "import";

/** The top-level names of a cell. */
export type TypedNames = {
  readonly names: ReadonlyMap<string, TypedNameKind>;
  /** Those that the cell exports in its own words. */
  readonly exported: ReadonlySet<string>;
};

/** Reads the top-level names of a cell: values, types, and what it imports. */
export function typedNamesOf(typescript: TypeScript, file: SourceFile): TypedNames {
  const reader = new NameReader(typescript);
  for (const statement of file.statements) reader.read(statement);
  return reader;
}

class NameReader implements TypedNames {
  readonly names = new Map<string, TypedNameKind>();
  readonly exported = new Set<string>();
  readonly #typescript: TypeScript;

  constructor(typescript: TypeScript) {
    this.#typescript = typescript;
  }

  read(statement: Statement): void {
    const typescript = this.#typescript;
    if (typescript.isVariableStatement(statement)) {
      const names = this.#list(statement.declarationList);
      if (this.#hasExport(statement)) for (const name of names) this.exported.add(name);
    } else if (typescript.isImportDeclaration(statement)) {
      const clause = statement.importClause;
      if (clause?.name !== undefined) this.#import(clause.name.text);
      const bindings = clause?.namedBindings;
      if (bindings === undefined) return;
      if (typescript.isNamespaceImport(bindings)) this.#import(bindings.name.text);
      else for (const element of bindings.elements) this.#import(element.name.text);
    } else if (typescript.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      if (clause === undefined || !typescript.isNamedExports(clause)) return;
      for (const element of clause.elements) {
        this.exported.add(element.name.text);
        // `export { a } from "m"` makes a name for later cells.
        if (statement.moduleSpecifier !== undefined) this.#import(element.name.text);
      }
    } else if (isNamedDeclaration(typescript, statement)) {
      if (statement.name === undefined || !typescript.isIdentifier(statement.name)) return;
      this.#import(statement.name.text);
      if (this.#hasExport(statement)) this.exported.add(statement.name.text);
    } else this.#nestedVariables(statement);
  }

  #import(name: string): void {
    this.names.set(name, "import");
  }

  #list(list: VariableDeclarationList): string[] {
    const isConstant = (list.flags & this.#typescript.NodeFlags.BlockScoped & ~this.#typescript.NodeFlags.Let) !== 0;
    const names = list.declarations.flatMap((declaration) => this.#bound(declaration.name));
    for (const name of names) this.names.set(name, isConstant ? "constant" : "variable");
    return names;
  }

  #bound(name: BindingName): string[] {
    if (this.#typescript.isIdentifier(name)) return [name.text];
    return name.elements.flatMap((element) =>
      this.#typescript.isOmittedExpression(element) ? [] : this.#bound(element.name),
    );
  }

  // `for (var i …)` and `if (a) { var b }` declare in the cell.
  #nestedVariables(node: Node): void {
    const typescript = this.#typescript;
    if (typescript.isFunctionLike(node) || typescript.isClassLike(node)) return;
    if (typescript.isVariableDeclarationList(node) && (node.flags & typescript.NodeFlags.BlockScoped) === 0)
      this.#list(node);
    typescript.forEachChild(node, (child) => this.#nestedVariables(child));
  }

  #hasExport(node: Node): boolean {
    const typescript = this.#typescript;
    if (!typescript.canHaveModifiers(node)) return false;
    const modifiers = typescript.getModifiers(node) ?? [];
    const kinds = new Set(modifiers.map((modifier) => modifier.kind));
    return kinds.has(typescript.SyntaxKind.ExportKeyword) && !kinds.has(typescript.SyntaxKind.DefaultKeyword);
  }
}

function isNamedDeclaration(
  typescript: TypeScript,
  node: Node,
): node is Statement & { readonly name?: ModuleName | undefined } {
  return (
    typescript.isFunctionDeclaration(node) ||
    typescript.isClassDeclaration(node) ||
    typescript.isInterfaceDeclaration(node) ||
    typescript.isTypeAliasDeclaration(node) ||
    typescript.isEnumDeclaration(node) ||
    typescript.isModuleDeclaration(node) ||
    typescript.isImportEqualsDeclaration(node)
  );
}
