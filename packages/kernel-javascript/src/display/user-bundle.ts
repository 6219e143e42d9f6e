import type { JsonValue, MimeBundle } from "@kernelbox/kernel-host";
import { className, isPlainObject, jsonFromValue, readProperty } from "./json-from-value.ts";
import { base64Of, callFunction, create, getProperty, isArrayBufferView, keys } from "./primordials.ts";

const displaySymbol: symbol = Symbol.for("Jupyter.display");
const limits = { maxCharacters: 32 * 1024 * 1024, maxDepth: 400 };

/**
 * What an object's own `[Symbol.for("Jupyter.display")]()` returns, unchecked; it may be a promise.
 *
 * @returns `undefined` where it has no such method, or the method throws.
 */
export function userDisplayOf(value: unknown): { readonly returned: unknown } | undefined {
  if ((typeof value !== "object" && typeof value !== "function") || value === null) return undefined;
  const method = readProperty(value, displaySymbol);
  if (!("value" in method) || typeof method.value !== "function") return undefined;
  try {
    return { returned: callFunction(method.value, value, []) };
  } catch {
    return undefined; // It is shown as any other object then.
  }
}

/**
 * A MIME bundle of what users' code gives as one: text, JSON, and bytes, which become base64.
 *
 * @param subject - What the bundle is of; its class is the text where the bundle has none.
 * @returns `undefined` where it is no bundle.
 */
export function bundleFromUser(returned: unknown, subject: unknown): MimeBundle | undefined {
  if (typeof returned !== "object" || returned === null || !isPlainObject(returned)) return undefined;
  const data = create(null) as Record<string, JsonValue>;
  const types = keys(returned);
  try {
    for (let index = 0; index < types.length; index += 1) {
      const type = types[index] ?? "";
      const value: unknown = getProperty(returned, type);
      if (value === undefined || value === null) continue;
      data[type] = isArrayBufferView(value) ? base64Of(value) : jsonFromValue(value, limits).value;
    }
  } catch {
    return undefined;
  }
  const name = typeof subject === "object" && subject !== null ? className(subject) : "Display";
  if (data["text/plain"] === undefined) data["text/plain"] = nameText(name);
  return { data, metadata: create(null) as Record<string, JsonValue> };
}

/** The text of something whose content is in another form, as Python has it: readers take the other form then. */
export function nameText(name: string): string {
  return `<${name} object>`;
}
