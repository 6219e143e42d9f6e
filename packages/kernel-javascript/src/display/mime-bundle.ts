import type { JsonValue, MimeBundle } from "@kernelbox/kernel-host";
import { chartTypeOf } from "./chart-type.ts";
import { className, isPlainObject, jsonFromValue, readProperty } from "./json-from-value.ts";
import { stringMimeType, tableMimeType } from "./mime-types.ts";
import { pictureTypeOf } from "./picture-type.ts";
import {
  base64Of,
  create,
  isArray,
  isArrayBufferView,
  isMap,
  isPromise,
  isProxy,
  isSet,
  matchText,
  thenOf,
} from "./primordials.ts";
import { tableFromRecords } from "./table-from-records.ts";
import { textFromValue } from "./text-from-value.ts";
import { bundleFromUser, nameText, userDisplayOf } from "./user-bundle.ts";

// Enough for a person and a program; who needs more writes a file.
const jsonLimits = { maxCharacters: 1024 * 1024, maxDepth: 100 };
// A chart that is cut is none.
const chartLimits = { maxCharacters: 16 * 1024 * 1024, maxDepth: 100 };

/**
 * What a value is shown as; it never fails. `undefined` is shown as nothing: its bundle is empty.
 *
 * Where an object's `Jupyter.display` method returns a promise, this is as if it had none: see
 * {@link mimeBundleOrPromise}.
 */
export function mimeBundle(value: unknown): MimeBundle {
  if (value === undefined) return emptyBundle();
  const own = userDisplayOf(value);
  return (own !== undefined && bundleFromUser(own.returned, value)) || bundleOf(value);
}

/** As {@link mimeBundle}; a promise where an object's `Jupyter.display` method returns one. */
export function mimeBundleOrPromise(value: unknown): MimeBundle | Promise<MimeBundle> {
  if (value === undefined) return emptyBundle();
  const own = userDisplayOf(value);
  if (own === undefined) return bundleOf(value);
  if (!isPromise(own.returned)) return bundleFromUser(own.returned, value) ?? bundleOf(value);
  const shown = (returned: unknown): MimeBundle => bundleFromUser(returned, value) ?? bundleOf(value);
  return thenOf(own.returned, shown, () => bundleOf(value)) as Promise<MimeBundle>;
}

function emptyBundle(): Bundle {
  return { data: create(null) as Record<string, JsonValue>, metadata: create(null) as Record<string, JsonValue> };
}

type Bundle = { readonly data: Record<string, JsonValue>; readonly metadata: Record<string, JsonValue> };

function bundleOf(value: unknown): MimeBundle {
  const bundle = emptyBundle();
  bundle.data["text/plain"] = textFromValue(value);
  try {
    if (typeof value === "string") bundle.data[stringMimeType] = value;
    else if (typeof value === "object" && value !== null) addFormsOf(value, bundle);
  } catch (error) {
    // A proxy or a getter that throws where nobody expects it. The text is enough then.
    bundle.metadata["kernelbox"] = { omitted: textFromValue(error) };
  }
  return bundle;
}

function addFormsOf(value: object, bundle: Bundle): void {
  if (isArrayBufferView(value)) {
    const type = pictureTypeOf(value);
    if (type !== undefined) bundle.data[type] = base64Of(value);
    return;
  }
  // Its traps are the user's code and may do anything; `inspect` shows what is behind it.
  if (isProxy(value)) {
    addJson(value, bundle);
    return;
  }
  const markup = readProperty(value, "outerHTML");
  if ("value" in markup && typeof markup.value === "string") {
    const isSvg = matchText(/^\s*(?:<\?xml[^>]*>\s*)?<svg[\s>]/i, markup.value) !== null;
    bundle.data[isSvg ? "image/svg+xml" : "text/html"] = markup.value;
    bundle.data["text/plain"] = nameText(className(value));
    return;
  }
  if (isPlainObject(value)) addChart(value, bundle);
  if (isPlainObject(value) || isArray(value) || isMap(value) || isSet(value)) addJson(value, bundle);
  const table = tableFromRecords(value);
  if (table !== undefined) bundle.data[tableMimeType] = table;
}

function addChart(value: Record<string, unknown>, bundle: Bundle): void {
  const type = chartTypeOf(value);
  if (type === undefined) return;
  const { value: specification, isCut } = jsonFromValue(value, chartLimits);
  if (isCut) bundle.metadata[type] = { omitted: "the specification is larger than 16 MiB" };
  else bundle.data[type] = specification;
}

function addJson(value: object, bundle: Bundle): void {
  const { value: json, isCut, isReplaced } = jsonFromValue(value, jsonLimits);
  bundle.data["application/json"] = json;
  if (!isCut && !isReplaced) return;
  const length = isCut && isArray(value) ? { totalLength: value.length } : {};
  bundle.metadata["application/json"] = {
    ...(isCut ? { truncated: true, ...length } : {}),
    ...(isReplaced ? { replaced: true } : {}),
  };
}
