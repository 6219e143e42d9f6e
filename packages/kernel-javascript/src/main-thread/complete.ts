import { builtinModules } from "node:module";
import type { Completion } from "@kernelbox/kernel-host";
import type { InspectorSession } from "./inspector-session.ts";

/** A chain of names, calls left out: what can be looked at without running anything. */
const memberAccess =
  /((?:[\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\??\.[\p{ID_Start}$_#][\p{ID_Continue}$]*|\[\d+\]|\["[^"\\]*"\]|\['[^'\\]*'\])*)\??\.([\p{ID_Continue}$]*)$/u;
const literalAccess = /(?:("[^"\\]*"|'[^'\\]*'|`[^`\\$]*`|\])\.)([\p{ID_Continue}$]*)$/u;
const plainName = /(?:^|[^\p{ID_Continue}$.])([\p{ID_Start}$_][\p{ID_Continue}$]*)$/u;
const moduleName = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'`]([^"'`]*)$/u;
const identifier = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const mostMatches = 500;

const keywords =
  "async await break case catch class const continue debugger default delete do else export extends false finally for function if import in instanceof let new null return static super switch this throw true try typeof undefined var void while with yield".split(
    " ",
  );

type Match = { readonly name: string; readonly type: string };

/** What could stand at the cursor, from the live objects. Runs no code of the user's. */
export function complete(session: InspectorSession, code: string, cursor: number): Completion {
  const before = code.slice(0, cursor);
  const module = moduleName.exec(before);
  if (module) return completion(moduleNames(), module[1] ?? "", cursor);
  const member = memberAccess.exec(before);
  if (member) {
    const found = session.peek(`(${member[1] ?? ""})`);
    return completion(found ? propertiesOf(found.value) : [], member[2] ?? "", cursor);
  }
  const literal = literalAccess.exec(before);
  if (literal) {
    const prototype: unknown = literal[1] === "]" ? Array.prototype : String.prototype;
    return completion(propertiesOf(prototype), literal[2] ?? "", cursor);
  }
  const prefix = plainName.exec(before)?.[1] ?? "";
  // Without a letter there is nothing to go by, and everything is too much.
  const names = prefix === "" && /[\p{ID_Continue}$.]$/u.test(before) ? [] : globalNames(session);
  return completion(names, prefix, cursor);
}

function completion(candidates: readonly Match[], prefix: string, cursor: number): Completion {
  const seen = new Set<string>();
  const matches = candidates
    .filter(({ name }) => name.startsWith(prefix) && !seen.has(name) && seen.add(name))
    .slice(0, mostMatches);
  return {
    matches: matches.map(({ name }) => name),
    types: matches.map(({ type }) => type),
    start: cursor - prefix.length,
    end: cursor,
  };
}

function propertiesOf(value: unknown): readonly Match[] {
  const found: Match[] = [];
  if (value === undefined || value === null) return found;
  for (let object: unknown = new Object(value); object !== null; object = Object.getPrototypeOf(object)) {
    const descriptors = Object.getOwnPropertyDescriptors(object as object);
    const names = Object.keys(descriptors).filter((name) => identifier.test(name));
    for (const name of names.toSorted()) {
      found.push({ name, type: typeof descriptors[name]?.value === "function" ? "function" : "property" });
    }
  }
  return found;
}

function globalNames(session: InspectorSession): readonly Match[] {
  const own = session.lexicalNames().map((name) => ({ name, type: "variable" }));
  const words = keywords.map((name) => ({ name, type: "keyword" }));
  return [...own, ...propertiesOf(globalThis), ...words];
}

function moduleNames(): readonly Match[] {
  const all = builtinModules.filter((name) => !name.startsWith("_"));
  return [...all, ...all.map((name) => `node:${name}`)].map((name) => ({ name, type: "module" }));
}
