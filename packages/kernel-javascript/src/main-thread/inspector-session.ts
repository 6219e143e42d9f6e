import inspector from "node:inspector";

/** What the inspector says of a value. */
export type RemoteObject = inspector.Runtime.RemoteObject;
export type ExceptionDetails = inspector.Runtime.ExceptionDetails;

/** How an evaluation ended. `terminated`: it was stopped from outside. */
export type Evaluation =
  | { readonly type: "value"; readonly value: unknown }
  | { readonly type: "exception"; readonly value: unknown; readonly details: ExceptionDetails }
  | { readonly type: "terminated" };

/** The calls that are made here; all but `Runtime.evaluate` of code that waits answer at once. */
type Post = (
  method: string,
  parameters: object,
  answered?: (error: Error | null, response: Response | undefined) => void,
) => void;
type Response = Partial<inspector.Runtime.EvaluateReturnType & inspector.Runtime.GlobalLexicalScopeNamesReturnType>;

const { hasOwn, prototype: objectPrototype } = Object;
const { deleteProperty } = Reflect;
const cellGroup = "kernelbox-cell";
const questionGroup = "kernelbox-question";

/**
 * Evaluates code in this thread through V8's inspector, the only place where scripts have top-level `await` and where
 * `let`, `const` and `class` can be declared again.
 */
export class InspectorSession {
  readonly #post: Post;
  /** The inspector's name for {@link InspectorSession.#take}. */
  readonly #takeId: string;
  #taken: unknown;

  constructor() {
    const session = new inspector.Session();
    session.connect();
    const post = session.post.bind(session) as Post;
    this.#post = (method, parameters, answered) => {
      // Node writes what the inspector gets as JSON, which this would take part in: without it, no code runs any more.
      if (hasOwn(objectPrototype, "toJSON")) deleteProperty(objectPrototype, "toJSON");
      post(method, parameters, answered);
    };
    // Reached once by a name that is gone before any cell runs.
    const key = "__kernelboxTake";
    Object.defineProperty(globalThis, key, { configurable: true, value: (value: unknown) => (this.#taken = value) });
    this.#takeId = "";
    this.#post("Runtime.evaluate", { expression: key }, (_error, response) => {
      this.#taken = response?.result?.objectId;
    });
    this.#takeId = String(this.#taken);
    Reflect.deleteProperty(globalThis, key);
  }

  /** Runs a cell's code. The value is that of its last expression; a promise is not awaited. */
  evaluate(code: string, ended: (evaluation: Evaluation) => void): void {
    const parameters = { expression: code, replMode: true, awaitPromise: true, objectGroup: cellGroup, silent: true };
    this.#post("Runtime.evaluate", parameters, (error, response) => {
      if (error !== null || response?.result === undefined) ended({ type: "terminated" });
      else {
        const { exceptionDetails } = response;
        if (exceptionDetails === undefined) ended({ type: "value", value: this.#valueOf(response.result) });
        else {
          const thrown = exceptionDetails.exception;
          const value = thrown === undefined ? undefined : this.#valueOf(thrown);
          ended({ type: "exception", value, details: exceptionDetails });
        }
      }
      this.#post("Runtime.releaseObjectGroup", { objectGroup: cellGroup });
    });
  }

  /** Evaluates an expression, unless that would change anything. `undefined`: it would, or it throws. */
  peek(expression: string): { readonly value: unknown } | undefined {
    let found: { readonly value: unknown } | undefined;
    const parameters = { expression, throwOnSideEffect: true, silent: true, objectGroup: questionGroup, timeout: 500 };
    this.#post("Runtime.evaluate", parameters, (error, response) => {
      if (error !== null || response?.result === undefined || response.exceptionDetails !== undefined) return;
      found = { value: this.#valueOf(response.result) };
    });
    this.#post("Runtime.releaseObjectGroup", { objectGroup: questionGroup });
    return found;
  }

  /** The names that cells have declared with `let`, `const` and `class`. */
  lexicalNames(): readonly string[] {
    let names: readonly string[] = [];
    this.#post("Runtime.globalLexicalScopeNames", {}, (_error, response) => {
      names = response?.names ?? [];
    });
    return names;
  }

  /** The value itself: the inspector hands it to a function of ours. */
  #valueOf(object: RemoteObject): unknown {
    if (object.type === "undefined") return undefined;
    if (object.subtype === "null") return null;
    if (object.objectId === undefined && object.unserializableValue === undefined) return object.value;
    const { objectId, unserializableValue } = object;
    const argument = objectId === undefined ? { unserializableValue: unserializableValue ?? "" } : { objectId };
    this.#taken = undefined;
    this.#post("Runtime.callFunctionOn", {
      objectId: this.#takeId,
      functionDeclaration: "function (value) { 'use strict'; this(value); }",
      arguments: [argument],
      silent: true,
    });
    const value = this.#taken;
    this.#taken = undefined;
    return value;
  }
}
