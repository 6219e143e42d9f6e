import { type CellLanguage, parserOf } from "./cell-language.ts";
import { CellNames } from "./cell-names.ts";
import { CellSyntaxError } from "./cell-syntax-error.ts";
import type { CellPosition, CompiledCell } from "./compiled-cell.ts";
import { namesOfDeclaration } from "./bindings.ts";
import { guardConstants } from "./guard-constants.ts";
import { LineStarts } from "./line-starts.ts";
import { parseJavaScript } from "./parse-javascript.ts";
import { type ParsedCell } from "./parsed-cell.ts";
import { rewriteCompletion } from "./rewrite-completion.ts";
import { rewriteDeclarations } from "./rewrite-declarations.ts";
import { rewriteImports } from "./rewrite-imports.ts";
import { SourceEdits } from "./source-edits.ts";
import { stripTypes } from "./strip-types.ts";
import { type SyntaxNode, childOf, childrenOf, textOf } from "./syntax-tree.ts";
import { topLevelDeclaration } from "./top-level-declaration.ts";
import { transpileWithTypeScript } from "./transpile-with-typescript.ts";

/** How a cell is compiled. */
export type CompileOptions = {
  readonly language: CellLanguage;
  /** The cell in stack traces: `cell[3]`. White space and quotes, which V8 refuses there, are left out. */
  readonly cellName: string;
  /**
   * A name for what imports call, which the kernel defines and no user will use. It is called with the specifier,
   * `{ with: attributes }` or `undefined`, and, for a static import, the names that the cell wants; it returns a promise
   * of the module. Its property `meta` is the cell's `import.meta`; `waitable` is called with the value of a last expression
   * that may be a promise, and returns what is awaited.
   */
  readonly importFunction: string;
  /**
   * What the context's cells have declared; this cell's own names are added.
   *
   * @default nothing yet
   */
  readonly names?: CellNames;
  /** Where TypeScript looks for the user's `tsconfig.json`. Without it, it does not look. */
  readonly cwd?: string;
};

/**
 * Turns a cell into code for V8's `Runtime.evaluate` with `replMode` and `awaitPromise`.
 *
 * The value is that of the last statement, if that is an expression; a promise is awaited. Imports become calls, types
 * go, and every top-level name can be declared again by a later cell in whatever way. Lines stay what they are but for
 * what TypeScript has to compile, and columns nearly always; `originalPosition` knows.
 *
 * @throws CellSyntaxError with the user's line and column.
 */
export function compileCell(source: string, options: CompileOptions): CompiledCell {
  const cellName = options.cellName.replace(/[\s"'`]/g, "");
  const names = options.names ?? new CellNames();
  const outcome = parserOf(options.language)(source);
  if ("failure" in outcome) {
    const place = new LineStarts(source).positionOf(outcome.failure.offset);
    throw new CellSyntaxError(outcome.failure.message, { ...place, source, cellName });
  }
  const script = scriptOf(source, outcome.cell, { ...options, cellName, names });
  return compiledFrom(script, names, { ...options, cellName, source });
}

type Script = {
  readonly program: SyntaxNode;
  /** As the user wrote it. */
  readonly written: ParsedCell;
  readonly edits: SourceEdits;
  readonly originalPosition?: (line: number, column: number) => CellPosition | undefined;
};

function scriptOf(source: string, cell: ParsedCell, options: CompileOptions & { readonly names: CellNames }): Script {
  const edits = new SourceEdits(source);
  if (options.language === "javascript" || stripTypes(cell.program, edits))
    return { program: cell.program, written: cell, edits };
  const own = new Set(childrenOf(cell.program, "body").flatMap(declaredBy));
  const transpiled = transpileWithTypeScript(source, cell.program, {
    cellName: options.cellName,
    cwd: options.cwd,
    isObjectLiteral: cell.isObjectLiteral,
    isDeclared: (name) => own.has(name) || options.names.kindOf(name) !== undefined,
  });
  const parsed = parseJavaScript(transpiled.text);
  if ("failure" in parsed) throw new Error(`TypeScript made code that does not parse: ${parsed.failure.message}`);
  const fresh = new SourceEdits(transpiled.text);
  emptyContainers(cell.program, parsed.cell.program, fresh);
  return {
    program: parsed.cell.program,
    written: cell,
    edits: fresh,
    originalPosition: (line, column) => transpiled.originalPosition(line, column),
  };
}

function declaredBy(statement: SyntaxNode): string[] {
  if (statement.type === "ImportDeclaration") {
    return childrenOf(statement, "specifiers").map((specifier) => textOf(childOf(specifier, "local"), "name"));
  }
  const declaration = topLevelDeclaration(statement);
  if (declaration === undefined) return [];
  if (declaration.type === "VariableDeclaration") return namesOfDeclaration(declaration);
  return [textOf(childOf(declaration, "id"), "name")];
}

// `var E;` in front of an enum or a namespace: run again, it has to start anew rather than add to what was there.
function emptyContainers(typed: SyntaxNode, plain: SyntaxNode, edits: SourceEdits): void {
  const containers = new Set(
    childrenOf(typed, "body")
      .map((statement) => childOf(statement, "declaration") ?? statement)
      .filter((statement) => statement.type === "TSEnumDeclaration" || statement.type === "TSModuleDeclaration")
      .map((statement) => textOf(childOf(statement, "id"), "name")),
  );
  if (containers.size === 0) return;
  for (const statement of childrenOf(plain, "body")) {
    const declaration = topLevelDeclaration(statement);
    if (declaration?.type !== "VariableDeclaration") continue;
    const [declarator] = childrenOf(declaration, "declarations");
    const id = declarator === undefined ? undefined : childOf(declarator, "id");
    if (id === undefined || childOf(declarator ?? id, "init") !== undefined) continue;
    if (containers.has(textOf(id, "name"))) edits.insert(id.end, "=void 0");
  }
}

function bracketObjectLiteral({ program, written, edits, originalPosition }: Script): void {
  const [literal] = childrenOf(program, "body");
  // What TypeScript compiled has its brackets already.
  if (!written.isObjectLiteral || originalPosition !== undefined || literal === undefined) return;
  edits.insert(literal.start, "(");
  edits.insert(literal.end, ")");
}

function compiledFrom(
  script: Script,
  names: CellNames,
  options: CompileOptions & { readonly source: string },
): CompiledCell {
  const { program, edits } = script;
  const declarations = rewriteDeclarations(program, edits, names);
  const imports = rewriteImports(program, edits, { importFunction: options.importFunction, names });
  const constants = new Set([...declarations.constants, ...imports.names]);
  const declared = new Set([...declarations.lexical, ...declarations.variables, ...imports.names]);
  const constantName = `${options.importFunction}_constant`;
  const isConstant = (name: string): boolean => constants.has(name) || (!declared.has(name) && names.isConstant(name));
  const isGuarded = guardConstants(program, edits, isConstant, constantName);
  bracketObjectLiteral(script);
  rewriteCompletion(program, edits, { written: script.written.program, importFunction: options.importFunction });

  for (const name of declarations.variables) names.declare(name, "variable");
  for (const name of [...declarations.lexical, ...imports.names]) names.declare(name, "lexical", constants.has(name));

  const hoisted = [...new Set([...declarations.hoisted, ...imports.hoisted])];
  const header =
    (hoisted.length === 0 ? "" : `;let ${hoisted.join(",")};`) + (isGuarded ? `;const ${constantName}=0;` : "");
  const edited = edits.apply(topOf(program), header);
  const generated = new LineStarts(edited.text);
  const original = new LineStarts(edits.source);
  return {
    code: `${edited.text}\n//# sourceURL=${options.cellName}`,
    source: options.source,
    cellName: options.cellName,
    originalPosition(line, column) {
      const offset = generated.offsetOf({ line, column });
      if (offset === undefined) return undefined;
      const position = original.positionOf(edited.originalOffset(offset));
      return script.originalPosition === undefined ? position : script.originalPosition(position.line, position.column);
    },
  };
}

// Behind directives (`"use strict"`), which count only in front.
function topOf(program: SyntaxNode): number {
  const statements = childrenOf(program, "body");
  const directive = statements.findLast((statement) => typeof statement["directive"] === "string");
  return directive?.end ?? statements[0]?.start ?? 0;
}
