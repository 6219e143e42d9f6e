import { chartMimeType, stringMimeType, tableMimeType } from "@kernelbox/protocol";
import { describe, expect, test } from "vitest";
import { Result, resultFromBundle } from "./result.ts";

describe("resultFromBundle", () => {
  test("text is the kernel's text", () => {
    const result = resultFromBundle({ data: { "text/plain": "42" }, isMainResult: true });
    expect(result.text).toBe("42");
    expect(result.isMainResult).toBe(true);
  });

  test("a marked string is the string itself, and text/plain stays the kernel's own form", () => {
    const result = resultFromBundle({ data: { "text/plain": `'{"a": "é\\n"}'`, [stringMimeType]: '{"a": "é\\n"}' } });
    expect(JSON.parse(result.text ?? "")).toEqual({ a: "é\n" });
    expect(result.formats).toEqual({ "text/plain": `'{"a": "é\\n"}'` });
  });

  test("an empty marked string is an empty text", () => {
    expect(resultFromBundle({ data: { "text/plain": "''", [stringMimeType]: "" } }).text).toBe("");
  });

  test("text in an array of lines is one string", () => {
    const result = resultFromBundle({
      data: { "text/html": ["<p>\n", "a</p>"], "image/svg+xml": ["<svg>\n", "</svg>"] },
    });
    expect(result.html).toBe("<p>\na</p>");
    expect(result.svg).toBe("<svg>\n</svg>");
  });

  test("base64 is in one line, however it came", () => {
    const result = resultFromBundle({
      data: { "image/png": "AAAA\nBBBB\n", "image/jpeg": ["CCCC\n", "DDDD"], "application/pdf": "EEEE\r\nFFFF" },
    });
    expect([result.png, result.jpeg, result.pdf]).toEqual(["AAAABBBB", "CCCCDDDD", "EEEEFFFF"]);
  });

  test("JSON types are values: arrays of strings too, and the text of an object", () => {
    const result = resultFromBundle({
      data: {
        "application/json": ["a", "b"],
        "application/vnd.x+json": '{"a": [1]}',
        "application/vnd.y+json": "[oops",
      },
    });
    expect(result.json).toEqual(["a", "b"]);
    expect(result.formats["application/vnd.x+json"]).toEqual({ a: [1] });
    expect(result.formats["application/vnd.y+json"]).toBe("[oops");
  });

  test("unknown types stay in formats", () => {
    expect(resultFromBundle({ data: { "application/x-new": "a b" } }).formats).toEqual({ "application/x-new": "a b" });
  });

  test("a box cannot change what formats inherits", () => {
    const data = JSON.parse('{"__proto__": {"text/html": "x"}, "text/plain": "y"}') as Record<string, unknown>;
    const result = resultFromBundle({ data });
    expect(Object.getPrototypeOf(result.formats)).toBe(Object.prototype);
    expect(result.html).toBeUndefined();
  });

  test("JSON that is nested without end breaks nothing that walks through it", () => {
    const deep = JSON.parse(`${'{"elements":['.repeat(50_000)}${"]}".repeat(50_000)}`) as unknown;
    const text = "[".repeat(50_000) + "]".repeat(50_000);
    const data = { [chartMimeType]: deep, "application/json": text, "text/plain": "x" };
    const result = resultFromBundle({ data, metadata: { deep } });
    expect(result.chart).toBeUndefined();
    expect(result.json).toBe(text);
    expect(() => JSON.stringify(result)).not.toThrow();
  });

  test("a form without a value is absent", () => {
    expect(resultFromBundle({ data: { "text/plain": "x", "text/html": null } }).formats).toEqual({ "text/plain": "x" });
  });

  test("markdown, latex and both JavaScript types have getters", () => {
    const data = { "text/markdown": "*a*", "text/latex": "$a$", "application/javascript": "a()" };
    const result = resultFromBundle({ data });
    expect([result.markdown, result.latex, result.javascript]).toEqual(["*a*", "$a$", "a()"]);
    expect(resultFromBundle({ data: { "text/javascript": "b()" } }).javascript).toBe("b()");
  });

  test("chart and data read their types", () => {
    const table = { schema: { fields: [{ name: "a" }] }, data: [{ a: 1 }], truncated: true };
    const result = resultFromBundle({
      data: { [chartMimeType]: { type: "pie", title: null, elements: [] }, [tableMimeType]: table },
    });
    expect(result.chart?.type).toBe("pie");
    expect(result.chart).toBe(result.chart);
    expect(result.data).toEqual(table);
    expect(resultFromBundle({ data: { [tableMimeType]: { rows: [] } } }).data).toBeUndefined();
  });
});

describe("Result", () => {
  test("its JSON makes the same result, with the text of a string that is marked no more", () => {
    const result = resultFromBundle({
      data: { "text/plain": "'a'", [stringMimeType]: "a" },
      metadata: { "image/png": { width: 3 } },
      displayId: "d",
    });
    const again = new Result(JSON.parse(JSON.stringify(result)));
    expect(again.toJSON()).toEqual(result.toJSON());
    expect(again.text).toBe("a");
  });

  test("its JSON has no key without a value", () => {
    expect(Object.keys(resultFromBundle({ data: {} }).toJSON())).toEqual(["formats", "isMainResult", "metadata"]);
  });
});
