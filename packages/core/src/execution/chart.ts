import type { JsonValue } from "./mime-value.ts";

/** A place on an axis: a number, a category's name, or a date in ISO 8601. */
export type ChartValue = number | string;

/** How an axis is scaled. */
export type ChartScale =
  | "linear"
  | "datetime"
  | "categorical"
  | "log"
  | "symlog"
  | "logit"
  | "function"
  | "functionlog"
  | "asinh"
  | (string & {});

/** What charts with two axes say about them. A unit is what the label has in brackets: `s` of `Time (s)`. */
export type ChartAxes = {
  readonly xLabel?: string | null;
  readonly yLabel?: string | null;
  readonly xUnit?: string | null;
  readonly yUnit?: string | null;
};

type PointAxes = ChartAxes & {
  readonly xTicks: readonly ChartValue[];
  readonly xTickLabels: readonly string[];
  readonly xScale: ChartScale;
  readonly yTicks: readonly ChartValue[];
  readonly yTickLabels: readonly string[];
  readonly yScale: ChartScale;
};

/** One line, or one cloud of points. */
export type PointElement = {
  readonly label: string;
  readonly points: readonly (readonly [x: ChartValue, y: ChartValue])[];
};

/** One bar. */
export type BarElement = {
  readonly label: string;
  readonly group: string;
  readonly value: ChartValue;
};

/** One slice; the angle in degrees. */
export type PieElement = {
  readonly label: string;
  readonly angle: number;
  readonly radius: number;
};

/** One box with its whiskers. */
export type BoxAndWhiskerElement = {
  readonly label: string;
  readonly min: number;
  readonly firstQuartile: number;
  readonly median: number;
  readonly thirdQuartile: number;
  readonly max: number;
  readonly outliers: readonly number[];
};

type Titled = { readonly title: string | null };

export type LineChart = Titled & PointAxes & { readonly type: "line"; readonly elements: readonly PointElement[] };
export type ScatterChart = Titled &
  PointAxes & { readonly type: "scatter"; readonly elements: readonly PointElement[] };
export type BarChart = Titled & ChartAxes & { readonly type: "bar"; readonly elements: readonly BarElement[] };
export type PieChart = Titled & { readonly type: "pie"; readonly elements: readonly PieElement[] };
export type BoxAndWhiskerChart = Titled &
  ChartAxes & { readonly type: "box_and_whisker"; readonly elements: readonly BoxAndWhiskerElement[] };
/** A figure with several axes: one chart for each. */
export type SuperChart = Titled & { readonly type: "superchart"; readonly elements: readonly Chart[] };
/** A figure of a kind that has no data here. */
export type UnknownChart = Titled & { readonly type: "unknown"; readonly elements: readonly JsonValue[] };

/** The data of a figure. `type` tells which kind it is. */
export type Chart = LineChart | ScatterChart | BarChart | PieChart | BoxAndWhiskerChart | SuperChart | UnknownChart;

const chartTypes: ReadonlySet<unknown> = new Set<Chart["type"]>([
  "line",
  "scatter",
  "bar",
  "pie",
  "box_and_whisker",
  "superchart",
  "unknown",
]);

/**
 * Reads chart data, with keys in camelCase or (as matplotlib extractors write them) in snake_case. A type that is not
 * in the list becomes `unknown`.
 *
 * @returns `undefined` where the value is not a chart at all.
 */
export function chartFromJson(value: JsonValue | undefined): Chart | undefined {
  return chartFromCamelCase(camelCaseKeys(value));
}

function chartFromCamelCase(chart: JsonValue | undefined): Chart | undefined {
  if (!isObject(chart)) return undefined;
  const elements = Array.isArray(chart["elements"]) ? (chart["elements"] as readonly JsonValue[]) : [];
  const type = chartTypes.has(chart["type"]) ? chart["type"] : "unknown";
  const title = typeof chart["title"] === "string" ? chart["title"] : null;
  const read = {
    ...chart,
    type,
    title,
    elements: type === "superchart" ? elements.flatMap((element) => chartFromCamelCase(element) ?? []) : elements,
  };
  // The box is believed here: its chart is data for display, and a missing label breaks nothing of ours.
  return read as unknown as Chart;
}

function camelCaseKeys(value: JsonValue | undefined): JsonValue | undefined {
  if (Array.isArray(value)) {
    // Points are most of a chart and have no keys.
    return value.some((item) => typeof item === "object" && item !== null)
      ? value.map((item: JsonValue) => camelCaseKeys(item) ?? null)
      : (value as readonly JsonValue[]);
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [camelCase(key), camelCaseKeys(item)]));
}

function camelCase(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue | undefined } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
