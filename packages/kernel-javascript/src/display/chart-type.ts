import { isPlainObject, readProperty } from "./json-from-value.ts";
import { plotlyMimeType } from "./mime-types.ts";
import { isArray, matchText } from "./primordials.ts";

const vegaSchema = /^https?:\/\/vega\.github\.io\/schema\/(vega|vega-lite)\/v(\d+)/;

/** The MIME type of a Vega, Vega-Lite or Plotly specification. */
export function chartTypeOf(value: Record<string, unknown>): string | undefined {
  const schema = property(value, "$schema");
  if (typeof schema === "string") {
    const match = matchText(vegaSchema, schema);
    if (match !== null) return `application/vnd.${match[1] === "vega" ? "vega" : "vegalite"}.v${match[2]}+json`;
  }
  return isPlotly(value) ? plotlyMimeType : undefined;
}

function isPlotly(value: Record<string, unknown>): boolean {
  const traces = property(value, "data");
  if (!isArray(traces) || traces.length === 0 || !isPlainObject(property(value, "layout"))) return false;
  for (let index = 0; index < traces.length; index += 1) {
    if (!isPlainObject(traces[index])) return false;
  }
  return true;
}

function property(value: object, name: string): unknown {
  const read = readProperty(value, name);
  return "value" in read ? read.value : undefined;
}
