import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { CompilerHost, CompilerOptions } from "typescript";
import { loadTypeScript } from "../cells/load-typescript.ts";

const nodeTypes = dirname(createRequire(import.meta.url).resolve("@types/node/package.json"));
const moduleManifest = '{ "type": "module" }\n';

/**
 * Checks and compiles a whole program of ECMAScript modules. With errors, also those of types, nothing is written.
 *
 * @param root - The program's directory; a `package.json` there decides what its files are.
 * @param output - Gets the JavaScript, with source maps.
 */
export function compileProgram(
  root: string,
  output: string,
  files: readonly string[],
): { readonly messages: string; readonly success: boolean } {
  const typescript = loadTypeScript();
  const options: CompilerOptions = {
    target: typescript.ScriptTarget.ES2023,
    module: typescript.ModuleKind.NodeNext,
    moduleResolution: typescript.ModuleResolutionKind.NodeNext,
    jsx: typescript.JsxEmit.React,
    rootDir: root,
    outDir: output,
    types: ["node"],
    typeRoots: [dirname(nodeTypes)],
    strict: true,
    noEmitOnError: true,
    rewriteRelativeImportExtensions: true,
    inlineSourceMap: true,
    inlineSources: true,
    skipLibCheck: true,
  };
  const host = asModules(typescript.createCompilerHost(options), join(root, "package.json"));
  const program = typescript.createProgram(
    files.map((file) => join(root, file)),
    options,
    host,
  );
  const emitted = program.emit();
  const problems = typescript.sortAndDeduplicateDiagnostics([
    ...typescript.getPreEmitDiagnostics(program),
    ...emitted.diagnostics,
  ]);
  const messages = typescript.formatDiagnostics(problems, {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => root,
    getNewLine: () => "\n",
  });
  const success = !problems.some((problem) => problem.category === typescript.DiagnosticCategory.Error);
  if (success) {
    mkdirSync(output, { recursive: true });
    writeFileSync(join(output, "package.json"), host.readFile(join(root, "package.json")) ?? moduleManifest);
  }
  return { messages, success };
}

/** Where there is no manifest, the files are modules: what is written today, and what may await at the top. */
function asModules(host: CompilerHost, manifest: string): CompilerHost {
  if (host.fileExists(manifest)) return host;
  return {
    ...host,
    fileExists: (path) => path === manifest || host.fileExists(path),
    readFile: (path) => (path === manifest ? moduleManifest : host.readFile(path)),
  };
}
