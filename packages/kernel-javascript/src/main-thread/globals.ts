import { createRequire } from "node:module";
import { isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { statSync } from "node:fs";
import vm from "node:vm";
import { waitable } from "./waitable.ts";

type ImportOptions = ImportCallOptions | undefined;
type NativeImport = (specifier: string, options?: ImportOptions) => Promise<object>;

/** Gives cells what a CommonJS module has, and the function that imports for them. */
export class CellGlobals {
  readonly #importFunction: string;
  #directory = "";
  #require: NodeJS.Require | undefined;
  #import: NativeImport = () => Promise.reject(new Error("there is no cell yet"));
  /** When files were first imported: a file that was changed since is imported anew. */
  readonly #importedAt: Record<string, number> = Object.create(null) as Record<string, number>;

  constructor(importFunction: string) {
    this.#importFunction = importFunction;
  }

  /** Sets the globals. */
  install(): void {
    this.follow();
    const load = (specifier: unknown, options?: ImportOptions, names?: readonly string[]): Promise<object> =>
      this.#importFor(String(specifier), options, names);
    Object.defineProperty(load, "meta", { get: () => this.#meta() });
    Object.defineProperty(load, "waitable", { value: waitable });
    Object.defineProperty(globalThis, this.#importFunction, { value: load });
    const module = { exports: {}, id: "<cell>", loaded: true, children: [], paths: [] };
    define("module", { value: module, writable: true });
    define("exports", { get: () => module.exports, set: (value: object) => (module.exports = value) });
    define("__dirname", { get: () => process.cwd(), set: overwrite("__dirname") });
    define("__filename", { get: () => join(process.cwd(), "cell.js"), set: overwrite("__filename") });
  }

  /** Looks for modules where the process is now. */
  follow(): void {
    const directory = process.cwd();
    if (directory === this.#directory) return;
    const descriptor = Object.getOwnPropertyDescriptor(globalThis, "require");
    const isOurs = descriptor === undefined || descriptor.value === this.#require;
    this.#directory = directory;
    const file = join(directory, "cell.mjs");
    this.#require = createRequire(file);
    if (isOurs) define("require", { value: this.#require, writable: true });
    // Node's own loader, as if for a file in that directory.
    this.#import = vm.runInThisContext("(specifier, options) => import(specifier, options)", {
      filename: file,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    }) as NativeImport;
  }

  async #importFor(specifier: string, given: ImportOptions, names: readonly string[] | undefined): Promise<object> {
    const isJson = /^[^?#]*\.json$/.test(specifier);
    const options = given ?? (isJson ? { with: { type: "json" } } : undefined);
    const fresh = this.#fresh(specifier);
    const module = await withoutWarning(() =>
      options === undefined ? this.#import(fresh) : this.#import(fresh, options),
    );
    return names === undefined ? module : withNames(module, names, specifier);
  }

  #meta(): object {
    const filename = join(process.cwd(), "cell.mjs");
    const require = this.#require;
    return {
      dirname: process.cwd(),
      filename,
      url: pathToFileURL(filename).href,
      resolve: (specifier: string) => {
        const path = require?.resolve(specifier) ?? specifier;
        return isAbsolute(path) ? pathToFileURL(path).href : path;
      },
    };
  }

  /** The specifier of a file of the user's that has changed since it was imported gets a query: Node keeps modules for ever. */
  #fresh(specifier: string): string {
    if (!/^(?:\.{1,2})?\//.test(specifier)) return specifier;
    const url = pathToFileURL(specifier.startsWith("/") ? specifier : join(process.cwd(), specifier));
    const changedAt = statSync(url, { throwIfNoEntry: false })?.mtimeMs;
    if (changedAt === undefined) return specifier;
    const first = (this.#importedAt[url.href] ??= changedAt);
    if (first !== changedAt) url.searchParams.set("changed", String(changedAt));
    return url.href;
  }
}

/** Node says once that its loader for scripts is experimental, which is no concern of the user's. */
function withoutWarning<T>(action: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return action();
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** A module with the names that a cell imports: those of a CommonJS module may be known only when it has run. */
function withNames(module: object, names: readonly string[], specifier: string): object {
  const missing = names.filter((name) => !(name in module));
  if (missing.length === 0) return module;
  const inner = (module as { readonly default?: unknown }).default;
  const source = (typeof inner === "object" && inner !== null) || typeof inner === "function" ? inner : {};
  const absent = missing.find((name) => !(name in source));
  if (absent !== undefined) {
    throw new SyntaxError(`The requested module '${specifier}' does not provide an export named '${absent}'`);
  }
  const found = missing.map((name) => [name, (source as Readonly<Record<string, unknown>>)[name]]);
  return { ...module, ...Object.fromEntries(found) };
}

function define(name: string, descriptor: PropertyDescriptor): void {
  Object.defineProperty(globalThis, name, { configurable: true, ...descriptor });
}

function overwrite(name: string): (value: unknown) => void {
  return (value) => define(name, { value, writable: true });
}
