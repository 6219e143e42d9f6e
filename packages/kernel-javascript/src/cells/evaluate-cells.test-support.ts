import { Session } from "node:inspector";
import { createContext, runInContext } from "node:vm";
import { type CellLanguage, prepareLanguage } from "./cell-language.ts";
import { CellNames } from "./cell-names.ts";
import { compileCell } from "./compile.ts";
import type { CompiledCell } from "./compiled-cell.ts";

type RemoteObject = { readonly objectId?: string; readonly value?: unknown; readonly unserializableValue?: string };
type Reply = { readonly result: RemoteObject; readonly exceptionDetails?: { readonly exception?: RemoteObject } };

let contextCount = 0;

/** A context of its own in which cells run as the kernel runs them. */
export class CellBench {
  readonly cells = new Map<string, CompiledCell>();
  readonly imports: unknown[][] = [];
  readonly #session: Session;
  readonly #contextId: number;
  readonly #language: CellLanguage;
  readonly #names = new CellNames();
  readonly #context: object;
  #cwd: string | undefined;

  private constructor(
    language: CellLanguage,
    session: Session,
    contextId: number,
    context: object,
    cwd: string | undefined,
  ) {
    this.#language = language;
    this.#session = session;
    this.#contextId = contextId;
    this.#context = context;
    this.#cwd = cwd;
  }

  static async start(language: CellLanguage, globals: Record<string, unknown> = {}, cwd?: string): Promise<CellBench> {
    await prepareLanguage(language);
    const session = new Session();
    session.connect();
    let contextId = 0;
    // Contexts of earlier tests may live on.
    contextCount += 1;
    const name = `cells-${contextCount}`;
    session.on("Runtime.executionContextCreated", ({ params }) => {
      if (params.context.name === name) contextId = params.context.id;
    });
    const context = createContext({ console, ...globals }, { name });
    session.post("Runtime.enable");
    const bench = new CellBench(language, session, contextId, context, cwd);
    const load = Object.assign((...call: unknown[]) => bench.#import(call), {
      meta: { url: "file:///cell.js" },
      waitable: (value: unknown) => value,
    });
    Object.defineProperty(context, "__import", { value: load });
    return bench;
  }

  /** Runs a cell; resolves with its value, rejects with what it throws. */
  async run(source: string): Promise<unknown> {
    const cellName = `cell-${this.cells.size + 1}.js`;
    const cell = compileCell(source, {
      language: this.#language,
      cellName,
      importFunction: "__import",
      names: this.#names,
      ...(this.#cwd === undefined ? {} : { cwd: this.#cwd }),
    });
    this.cells.set(cellName, cell);
    const evaluation = await this.#post("Runtime.evaluate", {
      expression: cell.code,
      replMode: true,
      awaitPromise: true,
      contextId: this.#contextId,
    });
    const object = evaluation.exceptionDetails?.exception ?? evaluation.result;
    const value = await this.#value(object);
    if (evaluation.exceptionDetails !== undefined) throw value;
    return value;
  }

  async #value(object: RemoteObject): Promise<unknown> {
    if (object.objectId === undefined) {
      return object.unserializableValue === undefined
        ? object.value
        : runInContext(object.unserializableValue, this.#context);
    }
    await this.#post("Runtime.callFunctionOn", {
      functionDeclaration:
        "function () { Object.defineProperty(globalThis, 'cellValue', { value: [this], configurable: true }); }",
      objectId: object.objectId,
    });
    return (this.#context as { cellValue: unknown[] }).cellValue[0];
  }

  async #import(call: unknown[]): Promise<unknown> {
    this.imports.push(call);
    return import(String(call[0]));
  }

  #post(method: string, parameters: object): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#session.post(method, parameters, (error: Error | null, result) =>
        error === null ? resolve(result as Reply) : reject(error),
      );
    });
  }

  stop(): void {
    this.#session.disconnect();
  }
}
