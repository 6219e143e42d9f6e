import type { JsonValue, MimeBundle } from "@kernelbox/kernel-host";
import { jsonFromValue } from "./json-from-value.ts";
import { mimeBundle, mimeBundleOrPromise } from "./mime-bundle.ts";
import { base64Of, create, getProperty, isArrayBufferView, isPromise, thenOf, toText } from "./primordials.ts";
import { bundleFromUser, nameText } from "./user-bundle.ts";

/** What `display` tells its kernel. */
export type DisplayMessage =
  | {
      readonly type: "display" | "update";
      readonly bundle: MimeBundle;
      /** Set where the display can be updated; always set for an update. */
      readonly displayId: string | undefined;
    }
  | { readonly type: "clear"; readonly wait: boolean };

/** How something is displayed. */
export type DisplayOptions = {
  /**
   * A name by which it can be updated, also from later cells; `true` makes one up. Displaying with the same name shows
   * it once more.
   */
  readonly id?: string | true | undefined;
  /** The value is a MIME bundle already: `{ "text/html": "…" }`. */
  readonly raw?: boolean | undefined;
};

/** Something that is displayed. */
export type DisplayHandle = {
  readonly id: string;
  /** Puts another value in its place. */
  update(value: unknown, options?: { readonly raw?: boolean }): void;
};

/** Displays something. With an id there is a handle; without, a cell that ends in the call has no result. */
type Shown = (content: unknown, options?: DisplayOptions) => DisplayHandle | undefined;

/** The global `display` of cells. */
export type Display = Shown & {
  readonly html: Shown;
  readonly markdown: Shown;
  readonly svg: Shown;
  /** A picture's bytes, or its base64. */
  readonly png: Shown;
  /** A picture's bytes, or its base64. */
  readonly jpeg: Shown;
  readonly json: Shown;
  readonly latex: Shown;
  readonly text: Shown;
  /** Code for the page that shows the notebook. */
  readonly javascript: Shown;
  /** Puts another value in the place of what was displayed with that id. */
  update(id: string, value: unknown, options?: { readonly raw?: boolean }): void;
  /** Removes what the cell has shown; with `wait` only when something new comes, which does not flicker. */
  clear(options?: { readonly wait?: boolean }): void;
};

const jsonLimits = { maxCharacters: 16 * 1024 * 1024, maxDepth: 400 };

/**
 * Makes the `display` of cells.
 *
 * @param publish - Called with each message, in the order of the calls; what an object's own `Jupyter.display` method
 * promises comes when the promise is kept.
 */
export function createDisplay(publish: (message: DisplayMessage) => void): Display {
  let count = 0;
  // Unlike the ids of another kernel in the same notebook.
  const prefix = toText(process.pid) + toText(Date.now());

  const send = (
    type: "display" | "update",
    bundle: MimeBundle | Promise<MimeBundle>,
    displayId: string | undefined,
  ): void => {
    const publishBundle = (made: MimeBundle): void => publish({ type, bundle: made, displayId });
    if (!isPromise(bundle)) return publishBundle(bundle);
    void thenOf(
      bundle,
      (made) => publishBundle(made as MimeBundle),
      () => undefined,
    );
  };
  const show = (
    bundle: MimeBundle | Promise<MimeBundle>,
    options: DisplayOptions | undefined,
  ): DisplayHandle | undefined => {
    const wanted = options?.id;
    if (wanted === true) count += 1;
    const id = wanted === true ? `display-${prefix}-${count}` : idFrom(wanted);
    send("display", bundle, id);
    if (id === undefined) return undefined;
    return { id, update: (value, updated) => send("update", bundleOf(value, updated), id) };
  };
  const shown =
    (bundle: (content: unknown) => MimeBundle): Shown =>
    (content, options) =>
      show(bundle(content), options);

  const display: Shown = (value, options) => show(bundleOf(value, options), options);
  return Object.assign(display, {
    html: shown((content) => textBundle("text/html", content)),
    markdown: shown((content) => textBundle("text/markdown", content)),
    svg: shown((content) => textBundle("image/svg+xml", content)),
    png: shown((content) => pictureBundle("image/png", content)),
    jpeg: shown((content) => pictureBundle("image/jpeg", content)),
    json: shown(jsonBundle),
    latex: shown((content) => textBundle("text/latex", content)),
    text: shown((content) => bundleFrom("text/plain", toText(content))),
    javascript: shown((content) => textBundle("application/javascript", content)),
    update: (id: string, value: unknown, options?: { readonly raw?: boolean }): void => {
      send("update", bundleOf(value, options), toText(id));
    },
    clear: (options?: { readonly wait?: boolean }): void => publish({ type: "clear", wait: options?.wait === true }),
  });
}

function idFrom(wanted: unknown): string | undefined {
  return wanted === undefined || wanted === null || wanted === false ? undefined : toText(wanted);
}

function bundleOf(
  value: unknown,
  options: { readonly raw?: boolean | undefined } | undefined,
): MimeBundle | Promise<MimeBundle> {
  if (options?.raw === true) return bundleFromUser(value, value) ?? mimeBundle(value);
  // A cell that displays `undefined` wants to see it.
  return value === undefined ? bundleFrom("text/plain", "undefined") : mimeBundleOrPromise(value);
}

const names: Readonly<Record<string, string>> = {
  "text/html": "HTML",
  "text/markdown": "Markdown",
  "image/svg+xml": "SVG",
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "text/latex": "LaTeX",
  "application/javascript": "JavaScript",
};

function textBundle(type: string, content: unknown): MimeBundle {
  return bundleFrom(type, markupOf(content));
}

// Nodes of a DOM may be given as they are.
function markupOf(content: unknown): string {
  if (typeof content === "object" && content !== null) {
    const markup: unknown = getProperty(content, "outerHTML");
    if (typeof markup === "string") return markup;
  }
  return toText(content);
}

function pictureBundle(type: string, content: unknown): MimeBundle {
  return bundleFrom(type, isArrayBufferView(content) ? base64Of(content) : toText(content));
}

function jsonBundle(content: unknown): MimeBundle {
  const { value, isCut } = jsonFromValue(content, jsonLimits);
  const bundle = mimeBundle(content);
  const metadata = create(null) as Record<string, JsonValue>;
  if (isCut) metadata["application/json"] = { truncated: true };
  const data = create(null) as Record<string, JsonValue>;
  data["text/plain"] = bundle.data["text/plain"] ?? "undefined";
  data["application/json"] = value;
  return { data, metadata };
}

function bundleFrom(type: string, content: string): MimeBundle {
  const data = create(null) as Record<string, JsonValue>;
  data[type] = content;
  if (type !== "text/plain") data["text/plain"] = nameText(names[type] ?? "Display");
  return { data, metadata: create(null) as Record<string, JsonValue> };
}
