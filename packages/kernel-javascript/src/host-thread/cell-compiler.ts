import { fileURLToPath } from "node:url";
import type { Cell, CellError, Completeness } from "@kernelbox/kernel-host";
import { type CellLanguage, prepareLanguage } from "../cells/cell-language.ts";
import { CellNames } from "../cells/cell-names.ts";
import { CellSyntaxError } from "../cells/cell-syntax-error.ts";
import { compileCell } from "../cells/compile.ts";
import type { CompiledCell } from "../cells/compiled-cell.ts";
import { isCompleteCell } from "../cells/is-complete.ts";
import { sourceExcerpt } from "../cells/source-excerpt.ts";
import { type TypeDiagnostic, TypeChecker } from "../cells/type-checker.ts";
import { describeThrown, type ThrownDescription } from "../display/describe-thrown.ts";
import { errorReportFromDescription, type ErrorReportOptions } from "../display/error-report.ts";

/** Code that the main thread can run, or why there is none. */
export type Compiled = { readonly code: string; readonly fileName: string } | { readonly error: CellError };

/** What {@link CellCompiler} works with. */
export type CellCompilerOptions = {
  readonly language: CellLanguage;
  readonly importFunction: string;
  /** Type errors stop a cell. */
  readonly typeCheck: boolean;
};

const rememberedCells = 2000;
/** The file that all of the kernel's own code of the main thread is in. */
const kernelFile = fileURLToPath(new URL("kernel.cjs", import.meta.url));
const isKernelFrame = (frame: string): boolean => frame.includes(kernelFile);

/** Makes runnable code of cells, and reports of what it throws. */
export class CellCompiler {
  readonly #options: CellCompilerOptions;
  readonly #names = new CellNames();
  readonly #checker: TypeChecker | undefined;
  readonly #cells = new Map<string, CompiledCell>();
  #ready: Promise<void> | undefined;
  #silentCount = 0;

  constructor(options: CellCompilerOptions) {
    this.#options = options;
    if (options.typeCheck) this.#checker = new TypeChecker({ cwd: process.cwd() });
  }

  /** Loads what compiling needs, so that the first cell does not wait for it. */
  prepare(): Promise<void> {
    this.#ready ??= prepareLanguage(this.#options.language);
    return this.#ready;
  }

  async compile(cell: Cell): Promise<Compiled> {
    await this.prepare();
    const { language, importFunction } = this.#options;
    const fileName = this.#fileNameOf(cell);
    try {
      const options = { language, importFunction, cellName: fileName, names: this.#names, cwd: process.cwd() };
      const compiled = compileCell(cell.code, options);
      this.#remember(fileName, compiled);
      const [first, ...more] = (await this.#checker?.check(cell.code, fileName)) ?? [];
      if (first !== undefined) return { error: errorFromTypes(cell.code, fileName, [first, ...more]) };
      this.#checker?.accept(cell.code, fileName);
      return { code: compiled.code, fileName };
    } catch (error) {
      if (error instanceof CellSyntaxError) return { error: this.errorFrom(describeThrown(error), fileName) };
      throw error;
    }
  }

  async isComplete(code: string): Promise<Completeness> {
    await this.prepare();
    return isCompleteCell(code, this.#options.language);
  }

  /** The error of a cell, with the user's own lines. */
  errorFrom(thrown: ThrownDescription, fileName: string): CellError {
    const report = errorReportFromDescription(thrown, { ...this.#reportOptions(), cellName: fileName });
    const { ename: name, evalue: message, traceback, lineNumber } = report;
    return { name, message, traceback, lineNumber };
  }

  /** What tells of an error that nothing has caught and no cell waits for. */
  uncaughtText(thrown: ThrownDescription, isRejection: boolean): string {
    const { traceback } = errorReportFromDescription(thrown, this.#reportOptions());
    return `${isRejection ? "Unhandled rejection" : "Uncaught exception"}\n${traceback.join("\n")}\n`;
  }

  #reportOptions(): ErrorReportOptions {
    return { cells: this.#cells, isKernelFrame };
  }

  #fileNameOf(cell: Cell): string {
    const extension = this.#options.language === "typescript" ? "ts" : "js";
    if (!cell.silent) return `cell-${cell.count}.${extension}`;
    this.#silentCount += 1;
    return `silent-${this.#silentCount}.${extension}`;
  }

  #remember(fileName: string, cell: CompiledCell): void {
    this.#cells.set(fileName, cell);
    if (this.#cells.size <= rememberedCells) return;
    const [oldest] = this.#cells.keys();
    if (oldest !== undefined) this.#cells.delete(oldest);
  }
}

/** The type errors of a cell, as its error. */
function errorFromTypes(
  source: string,
  fileName: string,
  diagnostics: readonly [TypeDiagnostic, ...TypeDiagnostic[]],
): CellError {
  const [first, ...more] = diagnostics;
  const traceback = diagnostics.flatMap((diagnostic) => [
    `${fileName}:${diagnostic.line}`,
    ...sourceExcerpt(source, diagnostic).split("\n"),
    "",
    `TypeScriptError: ${diagnostic.message} (TS${diagnostic.code})`,
    "",
  ]);
  const count = more.length === 0 ? "" : ` (and ${more.length} more)`;
  const message = `${first.message} (TS${first.code})${count}`;
  return { name: "TypeScriptError", message, traceback: traceback.slice(0, -1), lineNumber: first.line };
}
