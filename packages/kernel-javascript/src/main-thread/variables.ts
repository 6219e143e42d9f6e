import { inspect } from "node:util";
import type { Variable } from "@kernelbox/kernel-host";
import type { InspectorSession } from "./inspector-session.ts";

const longestRepr = 80;
const mostVariables = 1000;

/** Lists what cells have defined, in order of definition, without trusting the values. */
export class Variables {
  readonly #session: InspectorSession;
  /** What was there before the first cell. */
  readonly #known: ReadonlySet<string>;

  constructor(session: InspectorSession) {
    this.#session = session;
    this.#known = new Set(Object.getOwnPropertyNames(globalThis));
  }

  list(): readonly Variable[] {
    const globals = Object.getOwnPropertyNames(globalThis).filter((name) => !this.#known.has(name));
    const names = [...globals, ...this.#session.lexicalNames()];
    return names.slice(0, mostVariables).flatMap((name) => {
      // `undefined`: its declaration has thrown, so that it has no value for ever; or a getter of the user's.
      const found = this.#session.peek(name);
      return found === undefined ? [] : [describe(name, found.value)];
    });
  }
}

function describe(name: string, value: unknown): Variable {
  return { name, type: typeOf(value), repr: reprOf(value), size: sizeOf(value) };
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function") return sourceIsClass(value) ? "class" : "function";
  if (typeof value !== "object") return typeof value;
  try {
    const constructor: unknown = Object.getPrototypeOf(value)?.constructor;
    return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "Object";
  } catch {
    return "Object"; // a proxy that refuses
  }
}

function sourceIsClass(value: object): boolean {
  return Function.prototype.toString.call(value).startsWith("class");
}

function reprOf(value: unknown): string {
  let text: string;
  try {
    const limits = { depth: 2, maxArrayLength: 10, maxStringLength: longestRepr, breakLength: Infinity };
    text = inspect(value, { ...limits, customInspect: false, getters: false, compact: true }).replaceAll(/\s+/g, " ");
  } catch {
    text = `<${typeOf(value)}>`;
  }
  return text.length <= longestRepr ? text : `${text.slice(0, longestRepr - 1)}…`;
}

/** Of what has an obvious size; an object's own is known to nobody. */
function sizeOf(value: unknown): number | null {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (typeof value === "number") return 8;
  if (typeof value === "boolean") return 4;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return value.byteLength;
  return null;
}
