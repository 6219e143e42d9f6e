import { className, readProperty } from "./json-from-value.ts";
import {
  create,
  getProperty,
  inspect,
  isArray,
  isNativeError,
  keys,
  matchText,
  stringIndexOf,
  stringSlice,
  toText,
} from "./primordials.ts";
import { textFromValue } from "./text-from-value.ts";

/** What code has thrown, as plain data that can go to another thread. */
export type ThrownDescription = {
  /** The error's name, or `Uncaught` for what is no error. */
  readonly name: string;
  readonly message: string;
  /** The frames of its stack, innermost first, without the indentation: `at f (cell-3.js:1:2)`. */
  readonly frames: readonly string[];
  /** Its own properties (`code`, `path`) as `util.inspect` shows them, one entry a line. */
  readonly properties: readonly string[];
  readonly cause?: ThrownDescription;
  /** Those of an AggregateError. */
  readonly errors?: readonly ThrownDescription[];
  /** How many errors there are besides. */
  readonly moreErrors?: number;
  /** Where a cell does not parse, and that line with a caret. */
  readonly syntax?: { readonly cellName: string; readonly line: number; readonly excerpt: string };
};

const longestMessage = 64 * 1024;
const mostFrames = 100;
const deepestCause = 8;
const mostErrors = 10;
const mostProperties = 20;

/** Describes whatever code has thrown; it never fails. */
export function describeThrown(thrown: unknown): ThrownDescription {
  try {
    return describe(thrown, []);
  } catch {
    return plain("Error", "an error that cannot be described");
  }
}

function describe(thrown: unknown, around: readonly unknown[]): ThrownDescription {
  if (!isErrorLike(thrown)) {
    return plain("Uncaught", typeof thrown === "string" ? cut(thrown) : cut(textFromValue(thrown)));
  }
  for (let index = 0; index < around.length; index += 1) {
    if (around[index] === thrown) return plain(nameOf(thrown), "[Circular]");
  }
  const name = nameOf(thrown);
  const message = textProperty(thrown, "message") ?? "";
  const inside = append(around, thrown);
  const canGoOn = inside.length <= deepestCause;
  const cause = canGoOn ? readProperty(thrown, "cause") : { value: undefined };
  const errors = canGoOn ? errorsOf(thrown, inside) : undefined;
  const syntax = syntaxOf(thrown);
  return {
    name,
    message: cut(message),
    frames: framesOf(thrown, message),
    properties: propertiesOf(thrown),
    ...("value" in cause && cause.value !== undefined ? { cause: describe(cause.value, inside) } : {}),
    ...errors,
    ...(syntax === undefined ? {} : { syntax }),
  };
}

function plain(name: string, message: string): ThrownDescription {
  return { name, message, frames: [], properties: [] };
}

function isErrorLike(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (isNativeError(value)) return true;
  return textProperty(value, "stack") !== undefined && textProperty(value, "message") !== undefined;
}

function textProperty(object: object, name: string): string | undefined {
  const read = readProperty(object, name);
  return "value" in read && typeof read.value === "string" ? read.value : undefined;
}

// `class ValidationError extends Error {}` has the name "Error"; its class says more.
function nameOf(error: object): string {
  const name = textProperty(error, "name");
  if (name !== undefined && name !== "" && name !== "Error") return cut(name);
  const ofClass = className(error);
  return ofClass === "Object" ? "Error" : ofClass;
}

function framesOf(error: object, message: string): string[] {
  const stack = textProperty(error, "stack") ?? "";
  // A message may have lines that look like frames.
  const at = message === "" ? -1 : stringIndexOf(stack, message);
  const trace = at === -1 ? stack : stringSlice(stack, at + message.length);
  const frames: string[] = [];
  for (let start = 0; start < trace.length && frames.length < mostFrames;) {
    const newline = stringIndexOf(trace, "\n", start);
    const end = newline === -1 ? trace.length : newline;
    const frame = matchText(/^\s+(at .*)$/, stringSlice(trace, start, end));
    if (frame !== null) frames[frames.length] = frame[1] ?? "";
    start = end + 1;
  }
  return frames;
}

const shownElsewhere = ["name", "message", "stack", "cause", "errors", "line", "column", "excerpt", "cellName"];

function propertiesOf(error: object): string[] {
  const own = create(null) as Record<string, unknown>;
  const names = keys(error);
  const isOurs = syntaxOf(error) !== undefined;
  let count = 0;
  for (let index = 0; index < names.length && count < mostProperties; index += 1) {
    const name = names[index] ?? "";
    if (isListed(name, isOurs)) continue;
    const read = readProperty(error, name);
    if (!("value" in read)) continue;
    own[name] = read.value;
    count += 1;
  }
  if (count === 0) return [];
  const lines: string[] = [];
  const text = cut(inspectedProperties(own));
  // `[Object: null prototype] {`, the properties, `}`.
  for (let start = stringIndexOf(text, "\n") + 1; start > 0 && start < text.length;) {
    const newline = stringIndexOf(text, "\n", start);
    const end = newline === -1 ? text.length : newline;
    const line = stringSlice(text, start, end);
    if (line !== "}") lines[lines.length] = line;
    start = end + 1;
  }
  return lines;
}

function inspectedProperties(own: object): string {
  try {
    return inspect(own, { depth: 1, compact: false, breakLength: 120, showProxy: true });
  } catch {
    return ""; // A value's own `inspect` method throws.
  }
}

function isListed(name: string, isOurs: boolean): boolean {
  for (let index = 0; index < (isOurs ? shownElsewhere.length : 5); index += 1) {
    if (shownElsewhere[index] === name) return true;
  }
  return false;
}

function errorsOf(
  error: object,
  around: readonly unknown[],
): { readonly errors: readonly ThrownDescription[]; readonly moreErrors?: number } | undefined {
  const read = readProperty(error, "errors");
  if (!("value" in read) || !isArray(read.value)) return undefined;
  const list: readonly unknown[] = read.value;
  const errors: ThrownDescription[] = [];
  for (let index = 0; index < list.length && index < mostErrors; index += 1) {
    errors[index] = describe(getProperty(list, toText(index)), around);
  }
  const more = list.length - errors.length;
  return { errors, ...(more > 0 ? { moreErrors: more } : {}) };
}

function syntaxOf(error: object): ThrownDescription["syntax"] {
  const cellName = textProperty(error, "cellName");
  const excerpt = textProperty(error, "excerpt");
  const line = readProperty(error, "line");
  if (cellName === undefined || excerpt === undefined || !("value" in line) || typeof line.value !== "number")
    return undefined;
  return { cellName, line: line.value, excerpt };
}

function append(list: readonly unknown[], item: unknown): readonly unknown[] {
  const longer: unknown[] = [];
  for (let index = 0; index < list.length; index += 1) longer[index] = list[index];
  longer[list.length] = item;
  return longer;
}

function cut(text: string): string {
  return text.length <= longestMessage ? text : `${stringSlice(text, 0, longestMessage)}…`;
}
