import { SourceMap } from "node:module";
import type { CompilerOptions } from "typescript";
import { CellSyntaxError } from "./cell-syntax-error.ts";
import type { CellPosition } from "./compiled-cell.ts";
import { LineStarts } from "./line-starts.ts";
import { loadTypeScript } from "./load-typescript.ts";
import { type SyntaxNode, childrenOf, walk } from "./syntax-tree.ts";
import { userCompilerOptions } from "./user-compiler-options.ts";

/** JavaScript that TypeScript made of a cell. */
export type TranspiledCell = {
  readonly text: string;
  originalPosition(line: number, column: number): CellPosition | undefined;
};

/**
 * Compiles what cannot be stripped: enums, namespaces, decorators, parameter properties, JSX, `using`.
 *
 * `experimentalDecorators`, `emitDecoratorMetadata`, `useDefineForClassFields` and the JSX settings are those of the
 * `tsconfig.json` of `cwd`. Without it decorators are the standard ones, except that a decorator of a parameter, which
 * only the older sort has, asks for that sort; JSX becomes `React.createElement`, or `h` where there is an `h` and no
 * `React`.
 *
 * @param program - The cell as our own parser read it.
 * @param isDeclared - Whether an earlier cell or this one has a name.
 */
export function transpileWithTypeScript(
  source: string,
  program: SyntaxNode,
  options: {
    readonly cellName: string;
    readonly cwd?: string | undefined;
    readonly isObjectLiteral: boolean;
    readonly isDeclared: (name: string) => boolean;
  },
): TranspiledCell {
  const typescript = loadTypeScript();
  const user = options.cwd === undefined ? {} : userCompilerOptions(typescript, options.cwd);
  const features = featuresOf(program);
  const usesH = !options.isDeclared("React") && options.isDeclared("h");
  const compilerOptions: CompilerOptions = {
    ...(usesH ? { jsxFactory: "h", jsxFragmentFactory: "Fragment" } : {}),
    ...pick(user),
    ...(features.hasParameterDecorators ? { experimentalDecorators: true } : {}),
    jsx: compiledJsx(user.jsx) ?? typescript.JsxEmit.React,
    target: typescript.ScriptTarget.ES2022,
    module: typescript.ModuleKind.Preserve,
    verbatimModuleSyntax: true,
    sourceMap: true,
    newLine: typescript.NewLineKind.LineFeed,
  };
  // An object literal would be a block.
  const prefix = options.isObjectLiteral ? "(" : "";
  const input = options.isObjectLiteral ? `${prefix}${source}\n)` : source;
  const output = typescript.transpileModule(input, {
    fileName: features.hasJsx ? "cell.tsx" : "cell.ts",
    compilerOptions,
    reportDiagnostics: true,
  });
  const failure = output.diagnostics?.find((diagnostic) => diagnostic.category === typescript.DiagnosticCategory.Error);
  if (failure !== undefined) {
    const place = new LineStarts(source).positionOf((failure.start ?? 0) - prefix.length);
    const message = typescript.flattenDiagnosticMessageText(failure.messageText, "\n");
    throw new CellSyntaxError(message, { ...place, source, cellName: options.cellName });
  }
  const map = new SourceMap(JSON.parse(output.sourceMapText ?? "{}") as ConstructorParameters<typeof SourceMap>[0]);
  return {
    text: ownText(output.outputText, program),
    originalPosition(line, column) {
      const entry = map.findEntry(line - 1, column);
      if (!("originalLine" in entry)) return undefined;
      const isShifted = entry.originalLine === 0;
      return {
        line: entry.originalLine + 1,
        column: Math.max(0, entry.originalColumn - (isShifted ? prefix.length : 0)),
      };
    },
  };
}

function ownText(text: string, program: SyntaxNode): string {
  const code = text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
  // TypeScript makes every script strict; a cell is sloppy unless it says otherwise.
  const isStrict = childrenOf(program, "body").some((statement) => statement["directive"] === "use strict");
  return isStrict ? code : code.replace(/^"use strict";/, (directive) => " ".repeat(directive.length));
}

function featuresOf(program: SyntaxNode): { readonly hasJsx: boolean; readonly hasParameterDecorators: boolean } {
  let hasJsx = false;
  let hasParameterDecorators = false;
  walk(program, (node) => {
    if (node.type.startsWith("JSX")) hasJsx = true;
    const parameters = node["params"];
    if (Array.isArray(parameters)) hasParameterDecorators ||= parameters.some(isDecorated);
  });
  return { hasJsx, hasParameterDecorators };
}

function isDecorated(parameter: unknown): boolean {
  if (typeof parameter !== "object" || parameter === null || !("decorators" in parameter)) return false;
  return Array.isArray(parameter.decorators) && parameter.decorators.length > 0;
}

const userOptions = [
  "experimentalDecorators",
  "emitDecoratorMetadata",
  "useDefineForClassFields",
  "jsxFactory",
  "jsxFragmentFactory",
  "jsxImportSource",
] as const;

function pick(user: CompilerOptions): CompilerOptions {
  return Object.fromEntries(userOptions.flatMap((name) => (user[name] === undefined ? [] : [[name, user[name]]])));
}

// `preserve` and `react-native` are for a bundler behind the compiler, which a cell does not have.
function compiledJsx(jsx: CompilerOptions["jsx"]): CompilerOptions["jsx"] {
  const { JsxEmit } = loadTypeScript();
  return jsx === JsxEmit.React || jsx === JsxEmit.ReactJSX || jsx === JsxEmit.ReactJSXDev ? jsx : undefined;
}
