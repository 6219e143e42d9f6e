import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { CompilerOptions, DocumentRegistry, LanguageService, LanguageServiceHost } from "typescript";
import { kernelGlobals } from "./kernel-globals.ts";
import type { TypeScript } from "./load-typescript.ts";
import { userCompilerOptions } from "./user-compiler-options.ts";

let registry: DocumentRegistry | undefined;
// Of all projects: to the registry a path and a version are one text.
let versions = 0;

/** Files that are only in memory, in a directory that is on the disk, with its packages and `tsconfig.json`. */
export class VirtualProject {
  readonly #typescript: TypeScript;
  readonly #cwd: string;
  readonly #options: CompilerOptions;
  readonly #files = new Map<string, { readonly text: string; readonly version: number }>();

  constructor(typescript: TypeScript, cwd: string) {
    this.#typescript = typescript;
    this.#cwd = cwd;
    this.#options = compilerOptions(typescript, cwd);
    this.set(join(cwd, "__kernel_globals.d.ts"), kernelGlobals);
  }

  set(path: string, text: string): void {
    versions += 1;
    this.#files.set(path, { text, version: versions });
  }

  delete(path: string): void {
    this.#files.delete(path);
  }

  /** TypeScript's view of the project as it is at each call. */
  languageService(): LanguageService {
    const { sys, ScriptSnapshot, getDefaultLibFilePath, createLanguageService } = this.#typescript;
    const host: LanguageServiceHost = {
      getCompilationSettings: () => this.#options,
      getScriptFileNames: () => [...this.#files.keys()],
      getScriptVersion: (path) => {
        const file = this.#files.get(path);
        if (file !== undefined) return `memory-${file.version}`;
        // Packages do not change under a running kernel as a rule, and are many.
        return path.includes("/node_modules/") ? "package" : String(sys.getModifiedTime?.(path)?.getTime() ?? 0);
      },
      getScriptSnapshot: (path) => {
        const text = this.#files.get(path)?.text ?? sys.readFile(path);
        return text === undefined ? undefined : ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => this.#cwd,
      getDefaultLibFileName: getDefaultLibFilePath,
      fileExists: (path) => this.#files.has(path) || sys.fileExists(path),
      readFile: (path) => this.#files.get(path)?.text ?? sys.readFile(path),
      directoryExists: (path) => sys.directoryExists(path),
      getDirectories: (path) => sys.getDirectories(path),
      readDirectory: (...parameters) => sys.readDirectory(...parameters),
      realpath: (path) => sys.realpath?.(path) ?? path,
    };
    // The libraries are parsed once, however many checkers there are.
    registry ??= this.#typescript.createDocumentRegistry();
    return createLanguageService(host, registry);
  }
}

function compilerOptions(typescript: TypeScript, cwd: string): CompilerOptions {
  const user = userCompilerOptions(typescript, cwd);
  const { roots, hasNode } = typeRoots(typescript, cwd);
  return {
    strict: true,
    jsx: typescript.JsxEmit.React,
    // Without Node's types, at least `console`, `fetch` and timers are known.
    ...(hasNode ? { lib: ["lib.esnext.d.ts"] } : { lib: ["lib.esnext.d.ts", "lib.dom.d.ts"] }),
    ...user,
    target: typescript.ScriptTarget.ESNext,
    module: typescript.ModuleKind.Preserve,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    moduleDetection: typescript.ModuleDetectionKind.Force,
    types: [...new Set([...(hasNode ? ["node"] : []), ...(user.types ?? [])])],
    typeRoots: [...(user.typeRoots ?? []), ...roots],
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    noEmit: true,
    // They make sense for a project whose files are complete.
    verbatimModuleSyntax: false,
    isolatedModules: false,
    isolatedDeclarations: false,
    composite: false,
    incremental: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
    allowUnusedLabels: true,
    erasableSyntaxOnly: false,
  };
}

function typeRoots(
  typescript: TypeScript,
  cwd: string,
): { readonly roots: readonly string[]; readonly hasNode: boolean } {
  const roots: string[] = [];
  for (let directory = cwd; ; directory = dirname(directory)) {
    roots.push(join(directory, "node_modules", "@types"));
    if (directory === dirname(directory)) break;
  }
  const own = ownTypes();
  if (own !== undefined) roots.push(own);
  return { roots, hasNode: roots.some((root) => typescript.sys.fileExists(join(root, "node", "index.d.ts"))) };
}

// Node's types that come with the kernel.
function ownTypes(): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve("@types/node/package.json")));
  } catch {
    return undefined; // A bundle without them.
  }
}
