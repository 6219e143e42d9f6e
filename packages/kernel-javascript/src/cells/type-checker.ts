import { join } from "node:path";
import type { Diagnostic, LanguageService } from "typescript";
import { parserOf, prepareLanguage } from "./cell-language.ts";
import { LineStarts } from "./line-starts.ts";
import { type TypeScript, loadTypeScript } from "./load-typescript.ts";
import { type TypedNameKind, typedNamesOf } from "./typed-names.ts";
import { VirtualProject } from "./virtual-project.ts";

/** A type error of a cell. */
export type TypeDiagnostic = {
  /** TypeScript's number: 2322 for "Type 'string' is not assignable to type 'number'". */
  readonly code: number;
  readonly message: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 0. */
  readonly column: number;
  /** How many characters are wrong. */
  readonly length: number;
};

type Visible = { readonly kind: TypedNameKind; readonly module: string };

// Packages without types are no mistake of the cell: "Could not find a declaration file for module", and the same for
// elements of JSX.
const ignored: ReadonlySet<number> = new Set([7016, 7026]);
const missingReact = 2874;

/**
 * Checks the types of cells with TypeScript's language service. Each cell is a module of its own that sees the names of
 * the cells before it; what a later cell declares again hides what was there.
 *
 * The options are strict, and those of the `tsconfig.json` of `cwd` where there is one. The first check loads TypeScript
 * and its libraries, which takes about a second.
 */
export class TypeChecker {
  readonly #cwd: string;
  readonly #visible = new Map<string, Visible>();
  readonly #accepted: { readonly source: string; readonly cellName: string }[] = [];
  #project: VirtualProject | undefined;
  #service: LanguageService | undefined;
  #count = 0;

  constructor(options: { readonly cwd: string }) {
    this.#cwd = options.cwd;
  }

  /** The errors of a cell, by their place in it. */
  async check(source: string, cellName: string): Promise<readonly TypeDiagnostic[]> {
    await prepareLanguage("typescript");
    const typescript = loadTypeScript();
    this.#project ??= new VirtualProject(typescript, this.#cwd);
    const project = this.#project;
    this.#service ??= project.languageService();
    for (const cell of this.#accepted.splice(0)) this.#add(typescript, project, cell.source, cell.cellName);
    const file = this.#fileOf(typescript, source, cellName);
    project.set(file.path, file.text);
    try {
      const syntactic = this.#service.getSyntacticDiagnostics(file.path);
      const found = syntactic.length > 0 ? syntactic : this.#service.getSemanticDiagnostics(file.path);
      const usesH = this.#visible.has("h") || file.names.has("h");
      const isError = ({ category, code }: Diagnostic): boolean =>
        category === typescript.DiagnosticCategory.Error && !ignored.has(code) && !(code === missingReact && usesH);
      return found
        .filter(isError)
        .flatMap((diagnostic) => diagnosticOf(typescript, diagnostic, file))
        .sort((a, b) => a.line - b.line || a.column - b.column);
    } finally {
      project.delete(file.path);
    }
  }

  /** Tells that a cell runs: later ones see what it declares. */
  accept(source: string, cellName: string): void {
    // Read when the next check needs it, so that nothing is loaded before.
    this.#accepted.push({ source, cellName });
  }

  #add(typescript: TypeScript, project: VirtualProject, source: string, cellName: string): void {
    const file = this.#fileOf(typescript, source, cellName);
    this.#count += 1;
    project.set(file.path, file.text);
    for (const [name, kind] of file.names) this.#visible.set(name, { kind, module: file.module });
  }

  #fileOf(typescript: TypeScript, source: string, cellName: string): CellFile {
    const module = `./__cell_${this.#count + 1}_${cellName.replace(/\W+/g, "_")}`;
    const isJsx = usesJsx(source);
    const path = join(this.#cwd, `${module}.${isJsx ? "tsx" : "ts"}`);
    // `#!` counts only in front of everything.
    const text = source.replace(/^#!/, "//");
    const parsed = typescript.createSourceFile(path, text, typescript.ScriptTarget.Latest, true);
    const { names, exported } = typedNamesOf(typescript, parsed);
    const isObject = isObjectLiteral(source);
    const before = `${this.#namesFor(isJsx ? `React ${text}` : text, names)}\n${isObject ? "(" : ""}`;
    const own = [...names.keys()].filter((name) => !exported.has(name));
    return {
      path,
      module,
      names,
      source,
      offset: before.length,
      text: `${before}${text}\n${isObject ? ")" : ""};export { ${own.join(", ")} };`,
    };
  }

  // What the cell uses of earlier ones. Variables are declared anew rather than imported: imports cannot be assigned to.
  #namesFor(source: string, own: ReadonlyMap<string, unknown>): string {
    const used = new Set(source.match(/[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu));
    return [...used]
      .flatMap((name) => {
        const visible = own.has(name) ? undefined : this.#visible.get(name);
        if (visible === undefined) return [];
        const module = JSON.stringify(visible.module);
        if (visible.kind === "import") return [`import { ${name} } from ${module};`];
        return [`declare ${visible.kind === "constant" ? "const" : "let"} ${name}: typeof import(${module}).${name};`];
      })
      .join(" ");
  }
}

type CellFile = {
  readonly path: string;
  readonly module: string;
  readonly names: ReadonlyMap<string, TypedNameKind>;
  readonly source: string;
  readonly text: string;
  /** Where the source starts in the text. */
  readonly offset: number;
};

function diagnosticOf(typescript: TypeScript, diagnostic: Diagnostic, file: CellFile): TypeDiagnostic[] {
  const start = (diagnostic.start ?? 0) - file.offset;
  if (start < 0) return [];
  const place = new LineStarts(file.source).positionOf(Math.min(start, file.source.length));
  const message = typescript.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
  return [{ code: diagnostic.code, message, ...place, length: Math.max(1, diagnostic.length ?? 1) }];
}

function usesJsx(source: string): boolean {
  if (!source.includes("<")) return false;
  const outcome = parserOf("typescript")(source);
  return "cell" in outcome && outcome.cell.hasJsx === true;
}

function isObjectLiteral(source: string): boolean {
  if (!/^\s*\{/.test(source)) return false;
  const outcome = parserOf("typescript")(source);
  return "cell" in outcome && outcome.cell.isObjectLiteral;
}
