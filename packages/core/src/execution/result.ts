import { chartMimeType, stringMimeType, tableMimeType } from "@kernelbox/protocol";
import { type Chart, chartFromJson } from "./chart.ts";
import { type JsonValue, formatFromMimeValue, isNestedTooDeep } from "./mime-value.ts";

/** A {@link Result} as plain data. */
export type ResultJson = {
  readonly text?: string;
  readonly formats: Readonly<Record<string, JsonValue>>;
  readonly isMainResult: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly displayId?: string;
};

/** The rows of a data frame (`application/vnd.dataresource+json`). */
export type Table = {
  readonly schema?: {
    readonly fields: readonly { readonly name: string; readonly type?: string }[];
    readonly primaryKey?: string | readonly string[];
  };
  readonly data: readonly Readonly<Record<string, JsonValue>>[];
  /** Set when there were more rows than are given. */
  readonly truncated?: boolean;
};

/** What a kernel sends of one displayed object. */
export type MimeBundle = {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>> | null | undefined;
  readonly displayId?: string | undefined;
  readonly isMainResult?: boolean;
};

/** One displayed object: all of its forms at once. */
export class Result {
  /** The object as text. A string's text is the string itself, without quotes, where the kernel marks strings. */
  readonly text: string | undefined;
  /** Every form by its MIME type: text as a string, pictures and PDF as base64 in one line, JSON types parsed. */
  readonly formats: Readonly<Record<string, JsonValue>>;
  /** Whether it is the value of the code's last expression, rather than something displayed on the way. */
  readonly isMainResult: boolean;
  /** What the kernel says about the forms, such as a picture's width and height. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The id by which the code can change what it displayed. */
  readonly displayId: string | undefined;
  #chart: { readonly value: Chart | undefined } | undefined;

  constructor(json: ResultJson) {
    this.text = json.text;
    this.formats = json.formats;
    this.isMainResult = json.isMainResult;
    this.metadata = json.metadata;
    this.displayId = json.displayId;
  }

  get html(): string | undefined {
    return this.#string("text/html");
  }

  get markdown(): string | undefined {
    return this.#string("text/markdown");
  }

  get svg(): string | undefined {
    return this.#string("image/svg+xml");
  }

  /** Base64 in one line. */
  get png(): string | undefined {
    return this.#string("image/png");
  }

  /** Base64 in one line. */
  get jpeg(): string | undefined {
    return this.#string("image/jpeg");
  }

  /** Base64 in one line. */
  get pdf(): string | undefined {
    return this.#string("application/pdf");
  }

  get latex(): string | undefined {
    return this.#string("text/latex");
  }

  /** Parsed. */
  get json(): JsonValue | undefined {
    return this.formats["application/json"];
  }

  get javascript(): string | undefined {
    return this.#string("application/javascript") ?? this.#string("text/javascript");
  }

  /** The data of a matplotlib figure. */
  get chart(): Chart | undefined {
    this.#chart ??= { value: chartFromJson(this.formats[chartMimeType]) };
    return this.#chart.value;
  }

  /** The rows of a data frame. */
  get data(): Table | undefined {
    const value = this.formats[tableMimeType];
    return isTable(value) ? value : undefined;
  }

  toJSON(): ResultJson {
    return {
      ...(this.text === undefined ? {} : { text: this.text }),
      formats: this.formats,
      isMainResult: this.isMainResult,
      metadata: this.metadata,
      ...(this.displayId === undefined ? {} : { displayId: this.displayId }),
    };
  }

  #string(mimeType: string): string | undefined {
    const value = this.formats[mimeType];
    return typeof value === "string" ? value : undefined;
  }
}

/** Makes a result of what a kernel sent: lines joined, base64 in one line, JSON types parsed. */
export function resultFromBundle(bundle: MimeBundle): Result {
  const entries: [string, JsonValue][] = [];
  let text: string | undefined;
  for (const [mimeType, value] of Object.entries(bundle.data)) {
    const format = formatFromMimeValue(mimeType, value);
    // The mark only says what `text` is; a user who walks through the formats has no use for it.
    if (mimeType === stringMimeType) text = typeof format === "string" ? format : undefined;
    else if (format !== undefined) entries.push([mimeType, format]);
  }
  // Not by assignment: a box may name a type `__proto__`.
  const formats = Object.fromEntries(entries);
  const plain = formats["text/plain"];
  text ??= typeof plain === "string" ? plain : undefined;
  return new Result({
    ...(text === undefined ? {} : { text }),
    formats,
    isMainResult: bundle.isMainResult ?? false,
    metadata: isNestedTooDeep(bundle.metadata) ? {} : (bundle.metadata ?? {}),
    ...(bundle.displayId === undefined ? {} : { displayId: bundle.displayId }),
  });
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && "data" in value && Array.isArray(value.data);
}
