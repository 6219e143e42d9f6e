import type { Result } from "./result.ts";
import { stripAnsi } from "./strip-ansi.ts";

// Plotting libraries put megabytes of script into their HTML, which is of no use as text.
const longestMarkup = 10_000;
const pictureTypes = ["image/png", "image/jpeg", "image/webp", "image/gif"] as const;
// `<IPython.core.display.HTML object>`: the text of an object whose content is in another form.
const bareRepr = /^<[\w.]+ object(?: at 0x[\da-f]+)?>$/i;

/** The result as a picture that chat models take, if it is one. */
export function pictureFromResult(result: Result): { readonly mediaType: string; readonly data: string } | undefined {
  for (const mediaType of pictureTypes) {
    const data = result.formats[mediaType];
    if (typeof data === "string") return { mediaType, data };
  }
  return undefined;
}

/** The result as text for a reader who sees no pictures: its text, or the form that says most, or its types' names. */
export function textFromResult(result: Result): string {
  // What explains something (`print?` in Python) colours it.
  if (result.text !== undefined && !bareRepr.test(result.text.trim())) return stripAnsi(result.text);
  const json = result.json === undefined ? undefined : JSON.stringify(result.json);
  const forms = [result.markdown, result.latex, result.html, json, result.svg, result.javascript];
  const form = forms.find((text) => text !== undefined && text.length <= longestMarkup);
  return form ?? result.text ?? `[${Object.keys(result.formats).join(", ")}]`;
}
