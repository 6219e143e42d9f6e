import { expect, test } from "vitest";
import { chartFromJson } from "./chart.ts";

test("keys in snake_case become camelCase, at every depth", () => {
  const chart = chartFromJson({
    type: "superchart",
    title: "Both",
    elements: [
      {
        type: "line",
        title: "Speed",
        x_label: "Time (s)",
        x_unit: "s",
        x_tick_labels: ["0", "1"],
        x_scale: "linear",
        elements: [{ label: "first_run", points: [[0, 1]] }],
      },
      { type: "box_and_whisker", title: null, elements: [{ label: "a", first_quartile: 1, third_quartile: 3 }] },
    ],
  });
  expect(chart).toEqual({
    type: "superchart",
    title: "Both",
    elements: [
      {
        type: "line",
        title: "Speed",
        xLabel: "Time (s)",
        xUnit: "s",
        xTickLabels: ["0", "1"],
        xScale: "linear",
        elements: [{ label: "first_run", points: [[0, 1]] }],
      },
      { type: "box_and_whisker", title: null, elements: [{ label: "a", firstQuartile: 1, thirdQuartile: 3 }] },
    ],
  });
});

test("keys in camelCase stay", () => {
  const chart = {
    type: "bar",
    title: "t",
    xLabel: "x",
    yLabel: null,
    elements: [{ label: "a", group: "g", value: 1 }],
  };
  expect(chartFromJson(chart)).toEqual(chart);
});

test("the type tells what the elements are", () => {
  const chart = chartFromJson({ type: "scatter", title: "t", elements: [{ label: "a", points: [["x", 2]] }] });
  expect(chart?.type === "scatter" ? chart.elements[0]?.points[0]?.[1] : undefined).toBe(2);
});

test("a type that is not in the list is unknown", () => {
  expect(chartFromJson({ type: "radar", elements: [1] })).toEqual({ type: "unknown", title: null, elements: [1] });
});

test("what is no object is no chart", () => {
  expect([undefined, null, 1, "x", [1]].map(chartFromJson)).toEqual(Array(5).fill(undefined));
});
