import { defineProperty, getOwnPropertyDescriptor, inspect, keys, stringSlice, toText } from "./primordials.ts";
import { withOriginals } from "./with-originals.ts";
import { className, isPlainObject } from "./json-from-value.ts";

const longestText = 256 * 1024;
const mostProperties = 1000;

/**
 * A value as Node's REPL shows it: `util.inspect` with its own limits of depth, items and characters, which it tells of.
 * It never fails.
 */
export function textFromValue(value: unknown): string {
  return cut(inspected(value));
}

function inspected(value: unknown): string {
  try {
    const { shown, omitted } = firstProperties(value);
    const text = inspect(shown, { showProxy: true });
    return omitted === 0 ? text : `${text}\n… ${omitted} more properties`;
  } catch {
    // Its own `inspect` method throws, or a cell has broken what Node needs.
    return inspectedFromOutside(value);
  }
}

function inspectedFromOutside(value: unknown): string {
  try {
    return withOriginals(() => inspect(value, { showProxy: true, customInspect: false }));
  } catch {
    return typeof value === "object" && value !== null ? `[${className(value)}]` : toText(typeof value);
  }
}

// `inspect` limits the items of arrays, Maps and Sets, but not the properties of an object.
function firstProperties(value: unknown): { readonly shown: unknown; readonly omitted: number } {
  if (!isPlainObject(value)) return { shown: value, omitted: 0 };
  const names = keys(value);
  if (names.length <= mostProperties) return { shown: value, omitted: 0 };
  const shown = {};
  for (let index = 0; index < mostProperties; index += 1) {
    const name = names[index] ?? "";
    const descriptor = getOwnPropertyDescriptor(value, name);
    if (descriptor !== undefined) defineProperty(shown, name, descriptor);
  }
  return { shown, omitted: names.length - mostProperties };
}

function cut(text: string): string {
  if (text.length <= longestText) return text;
  return `${stringSlice(text, 0, longestText)}\n… ${text.length - longestText} more characters`;
}
