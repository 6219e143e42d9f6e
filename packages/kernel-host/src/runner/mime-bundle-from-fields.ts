import type { JsonValue, MimeBundle } from "../evaluator.ts";

const isText = /^text\/|^image\/svg|[/+](?:xml|javascript|json)$|^application\/vnd\.kernelbox\.string$/;
const isJson = /[/+]json$/;

/**
 * A value in several formats, from fields that are a MIME type and its content in turn. Text is UTF-8, JSON is parsed,
 * anything else is bytes, which Jupyter wants as base64.
 */
export function mimeBundleFromFields(fields: readonly Buffer[]): MimeBundle {
  const data: Record<string, JsonValue> = {};
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const type = fields[index]?.toString() ?? "";
    const content = fields[index + 1] ?? Buffer.alloc(0);
    data[type] = contentOf(type, content);
  }
  return { data, metadata: {} };
}

function contentOf(type: string, content: Buffer): JsonValue {
  if (!isText.test(type)) return content.toString("base64");
  const text = content.toString("utf8");
  if (!isJson.test(type)) return text;
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    // What a runner says is JSON and is none is still worth seeing.
    return text;
  }
}
