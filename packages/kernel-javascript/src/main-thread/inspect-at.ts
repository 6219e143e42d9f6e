import { inspect } from "node:util";
import type { MimeBundle } from "@kernelbox/kernel-host";
import type { InspectorSession } from "./inspector-session.ts";

const tail = /[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\??\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*$/u;
const head = /^[\p{ID_Continue}$]*/u;
const longestSource = 10_000;

/** What is known of the value whose name the cursor is in or behind. */
export function inspectAt(
  session: InspectorSession,
  question: { readonly code: string; readonly cursor: number; readonly detail: 0 | 1 },
): MimeBundle | undefined {
  const { code, cursor, detail } = question;
  // An open bracket asks for the function before it.
  const before = code.slice(0, cursor).replace(/\(\s*$/, "");
  const after = before.length === cursor ? (head.exec(code.slice(cursor))?.[0] ?? "") : "";
  const expression = tail.exec(before + after)?.[0];
  if (expression === undefined) return undefined;
  const found = session.peek(`(${expression})`);
  if (found === undefined) return undefined;
  const text = describe(expression, found.value, detail);
  return { data: { "text/plain": text }, metadata: {} };
}

function describe(expression: string, value: unknown, detail: 0 | 1): string {
  if (typeof value === "function") {
    const source = Function.prototype.toString.call(value);
    const isClass = source.startsWith("class");
    const signature = isClass ? `class ${value.name}` : signatureOf(source, value.name);
    const lines = [`${expression}: ${isClass ? "class" : "function"}`, signature];
    if (detail === 1) lines.push("", source.slice(0, longestSource));
    return lines.join("\n");
  }
  const type = value === null ? "null" : typeof value === "object" ? constructorName(value) : typeof value;
  const shown = inspect(value, { depth: detail === 1 ? 3 : 1, maxArrayLength: 20, maxStringLength: 1000 });
  return `${expression}: ${type}\n${shown}`;
}

function signatureOf(source: string, name: string): string {
  if (source.includes("[native code]")) return `${name}() { [native code] }`;
  const end = source.search(/\)\s*(?:\{|=>)/);
  const first = end === -1 ? (source.split("\n")[0] ?? "") : source.slice(0, end + 1);
  return first.trim();
}

function constructorName(value: object): string {
  const constructor: unknown = Object.getPrototypeOf(value)?.constructor;
  return typeof constructor === "function" && constructor.name !== "" ? constructor.name : "Object";
}
