/** What JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

// A box may nest its JSON without end; whatever walks through it later must not run out of stack.
const deepestNesting = 500;

/**
 * One value of a MIME bundle in the form that users get: JSON parsed, base64 in one line, text as one string (the
 * notebook format, and with it some kernels, cuts text into lines).
 *
 * @returns `undefined` where there is no value, or one that is nested more than 500 levels deep.
 */
export function formatFromMimeValue(mimeType: string, value: unknown): JsonValue | undefined {
  if (value === undefined || value === null || isNestedTooDeep(value)) return undefined;
  if (isJsonType(mimeType)) return typeof value === "string" ? parsedOrSame(value) : (value as JsonValue);
  const text = isStringArray(value) ? value.join("") : value;
  if (typeof text === "string" && isBase64Type(mimeType)) return /\s/.test(text) ? text.replace(/\s+/g, "") : text;
  return text as JsonValue;
}

/** Whether values of this type are JSON: `application/json` and everything that ends in `+json`. */
export function isJsonType(mimeType: string): boolean {
  return /^application\/json\b|\+json\b/i.test(mimeType);
}

/** Whether a value is nested so deep that walking through it is not safe. */
export function isNestedTooDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth > deepestNesting) return true;
  const items: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return items.some((item) => isNestedTooDeep(item, depth + 1));
}

function isBase64Type(mimeType: string): boolean {
  return /^(?:(?:image|audio|video|font)\/(?!svg\+xml)|application\/(?:pdf|zip|octet-stream)\b)/i.test(mimeType);
}

// A JSON value in a message needs no parsing; some kernels send the text of an object or an array instead.
function parsedOrSame(text: string): JsonValue {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    const value = JSON.parse(text) as JsonValue;
    return isNestedTooDeep(value) ? text : value;
  } catch {
    return text; // It is a string that only looks like JSON, which is a JSON value too.
  }
}

function isStringArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}
