import type { JsonValue } from "@kernelbox/kernel-host";
import {
  bigintText,
  callFunction,
  create,
  eachOfMap,
  eachOfSet,
  getProperty,
  getPrototypeOf,
  isAnyArrayBuffer,
  isArray,
  isArrayBufferView,
  isDate,
  isFiniteNumber,
  isMap,
  isNativeError,
  isRegExp,
  isSet,
  isTypedArray,
  isoStringOf,
  bytesOf,
  keys,
  regExpText,
  stringSlice,
  timeOf,
  toText,
} from "./primordials.ts";

/** How much of a value becomes JSON. */
export type JsonLimits = {
  /** About how many characters of JSON. */
  readonly maxCharacters: number;
  /** Levels of nesting. */
  readonly maxDepth: number;
};

/** A value as JSON, and how much of it. */
export type JsonForm = {
  readonly value: JsonValue;
  /** Whether something is missing, because it was too much or nested too deep. */
  readonly isCut: boolean;
  /** Whether something that JSON does not have is replaced by a text: a cycle, what a getter throws. */
  readonly isReplaced: boolean;
};

// What is behind a class (a socket, a server) goes on and on, and nobody wants it as data.
const deepestClasses = 3;

/**
 * Makes JSON of whatever there is; it never fails. Where `JSON.stringify` would: a cycle becomes `"[Circular]"`, a
 * getter that throws `"[Thrown: …]"`, a BigInt its digits. A Map with only text keys becomes an object and another one
 * pairs, a Set an array, an Error its name and message, typed arrays numbers.
 */
export function jsonFromValue(value: unknown, limits: JsonLimits): JsonForm {
  const walk = new JsonWalk(limits);
  const json = walk.json(value, 0, 0);
  return { value: json ?? null, isCut: walk.isCut, isReplaced: walk.isReplaced };
}

/** Whether an object is one of a literal, of this realm or another, rather than of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || isArray(value)) return false;
  try {
    const prototype: unknown = getPrototypeOf(value);
    return prototype === null || getPrototypeOf(prototype) === null;
  } catch {
    return false; // A proxy whose trap throws.
  }
}

/** What a property is, or what its getter throws, put in a box. */
export function readProperty(
  object: object,
  key: string | symbol,
): { readonly value: unknown } | { readonly thrown: unknown } {
  try {
    return { value: getProperty(object, key) };
  } catch (error) {
    return { thrown: error };
  }
}

class JsonWalk {
  isCut = false;
  isReplaced = false;
  readonly #limits: JsonLimits;
  readonly #around: unknown[] = [];
  #left: number;

  constructor(limits: JsonLimits) {
    this.#limits = limits;
    this.#left = limits.maxCharacters;
  }

  /** `undefined` for what JSON leaves out. */
  json(value: unknown, depth: number, classes: number): JsonValue | undefined {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        this.#left -= 8;
        return isFiniteNumber(value) ? value : null;
      case "boolean":
        this.#left -= 5;
        return value;
      case "bigint":
        return this.#text(bigintText(value));
      case "object":
        return value === null ? null : this.#guarded(value, depth, classes);
      default:
        return undefined;
    }
  }

  #text(text: string): string {
    const room = this.#left > 0 ? this.#left : 0;
    this.#left -= text.length + 2;
    if (text.length <= room) return text;
    this.isCut = true;
    return `${stringSlice(text, 0, room)}…`;
  }

  #guarded(object: object, depth: number, classes: number): JsonValue {
    for (let index = 0; index < depth; index += 1) {
      if (this.#around[index] === object) return this.#replaced("[Circular]");
    }
    if (depth >= this.#limits.maxDepth) return this.#tooDeep(isArray(object) ? "[Array]" : "[Object]");
    this.#around[depth] = object;
    try {
      return this.#object(object, depth, classes);
    } catch (error) {
      return this.#replaced(thrownText(error));
    }
  }

  #replaced(text: string): string {
    this.isReplaced = true;
    this.#left -= text.length + 2;
    return text;
  }

  #tooDeep(text: string): string {
    this.isCut = true;
    this.#left -= text.length + 2;
    return text;
  }

  #object(object: object, depth: number, classes: number): JsonValue {
    if (isArray(object))
      return this.#list(object.length, (index) => getProperty(object, toText(index)), depth, classes);
    if (isDate(object)) return isFiniteNumber(timeOf(object)) ? this.#text(isoStringOf(object)) : null;
    if (isRegExp(object)) return this.#text(regExpText(object));
    if (isMap(object)) return this.#map(object, depth, classes);
    if (isSet(object)) {
      const items: unknown[] = [];
      eachOfSet(object, (item) => (items[items.length] = item));
      return this.#list(items.length, (index) => items[index], depth, classes);
    }
    if (isTypedArray(object)) {
      return this.#list(object.length, (index) => (object as unknown as readonly unknown[])[index], depth, classes);
    }
    if (isArrayBufferView(object) || isAnyArrayBuffer(object)) {
      const bytes = bytesOf(object);
      return this.#list(bytes.length, (index) => bytes[index], depth, classes);
    }
    const toJson = readProperty(object, "toJSON");
    if ("value" in toJson && typeof toJson.value === "function") {
      const made = called(toJson.value, object);
      if (made !== undefined && made.value !== object) return this.json(made.value, depth + 1, classes) ?? null;
    }
    const isPlain = isPlainObject(object);
    if (!isPlain && classes >= deepestClasses) return this.#tooDeep(`[${className(object)}]`);
    return this.#properties(object, depth, isPlain ? classes : classes + 1);
  }

  #list(length: number, item: (index: number) => unknown, depth: number, classes: number): JsonValue {
    const list: JsonValue[] = [];
    for (let index = 0; index < length; index += 1) {
      if (this.#left <= 0) {
        this.isCut = true;
        break;
      }
      this.#left -= 1;
      list[index] = this.#item(() => item(index), depth, classes) ?? null;
    }
    return list;
  }

  #item(read: () => unknown, depth: number, classes: number): JsonValue | undefined {
    let value: unknown;
    try {
      value = read();
    } catch (error) {
      return this.#replaced(thrownText(error));
    }
    return this.json(value, depth + 1, classes);
  }

  #map(map: ReadonlyMap<unknown, unknown>, depth: number, classes: number): JsonValue {
    const names: unknown[] = [];
    const values: unknown[] = [];
    let hasTextKeys = true;
    eachOfMap(map, (value, key) => {
      hasTextKeys &&= typeof key === "string";
      names[names.length] = key;
      values[values.length] = value;
    });
    if (!hasTextKeys) return this.#list(names.length, (index) => [names[index], values[index]], depth, classes);
    const json = emptyObject();
    for (let index = 0; index < names.length; index += 1) {
      if (!this.#add(json, names[index] as string, () => values[index], depth, classes)) break;
    }
    return json;
  }

  #properties(object: object, depth: number, classes: number): JsonValue {
    const json = emptyObject();
    if (isNativeError(object)) {
      // They are no enumerable properties, and say the most.
      this.#add(json, "name", () => getProperty(object, "name"), depth, classes);
      this.#add(json, "message", () => getProperty(object, "message"), depth, classes);
    }
    const names = keys(object);
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index] ?? "";
      if (!this.#add(json, name, () => getProperty(object, name), depth, classes)) break;
    }
    return json;
  }

  // Returns `false` when there is no room for more.
  #add(json: Record<string, JsonValue>, name: string, read: () => unknown, depth: number, classes: number): boolean {
    if (this.#left <= 0) {
      this.isCut = true;
      return false;
    }
    this.#left -= name.length + 4;
    const value = this.#item(read, depth, classes);
    if (value !== undefined) json[name] = value;
    return true;
  }
}

// Without a prototype: a name may be `__proto__`, and a cell may have put setters on `Object.prototype`.
function emptyObject(): Record<string, JsonValue> {
  return create(null) as Record<string, JsonValue>;
}

function called(method: unknown, self: object): { readonly value: unknown } | undefined {
  try {
    return { value: callFunction(method, self, [""]) };
  } catch {
    return undefined; // It is shown by its properties then.
  }
}

function thrownText(error: unknown): string {
  const message = typeof error === "object" && error !== null ? readProperty(error, "message") : { value: error };
  const text = "value" in message && typeof message.value === "string" ? message.value : "?";
  return `[Thrown: ${text.length > 200 ? `${stringSlice(text, 0, 200)}…` : text}]`;
}

/** The name of an object's class, as far as it says. */
export function className(object: object): string {
  const constructor = readProperty(object, "constructor");
  if (!("value" in constructor) || typeof constructor.value !== "function") return "Object";
  const name = readProperty(constructor.value, "name");
  return "value" in name && typeof name.value === "string" && name.value !== "" ? name.value : "Object";
}
