import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { mimeBundle, mimeBundleOrPromise } from "./mime-bundle.ts";

const jsonType = "application/json";
const tableType = "application/vnd.dataresource+json";

describe("text", () => {
  test.each([
    5,
    -0,
    null,
    true,
    10n,
    Symbol("s"),
    () => 1,
    class A {
      x = 1;
    },
    [1, [2]],
    { a: { b: { c: {} } } },
    new Error("x"),
    new Map([[1, 2]]),
  ])("value %# is as the REPL shows it", (value) =>
    expect(mimeBundle(value).data["text/plain"]).toBe(inspect(value, { showProxy: true })),
  );

  test("undefined is nothing", () => {
    expect(mimeBundle(undefined)).toEqual({ data: {}, metadata: {} });
  });

  test("a string is also as it is", () => {
    expect(mimeBundle("a\n'b'").data).toEqual({
      "text/plain": `"a\\n'b'"`,
      "application/vnd.kernelbox.string": "a\n'b'",
    });
  });

  test("what is too long is cut and says so", () => {
    const text = (value: unknown): string => mimeBundle(value).data["text/plain"] as string;
    expect(text("x".repeat(20_000))).toMatch(/\.\.\. 10000 more characters$/);
    expect(text(Array.from({ length: 500 }, () => 1))).toContain("... 400 more items");
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`key${index}`, index]));
    expect(text(many)).toMatch(/… 4000 more properties$/);
    expect(text({ [inspect.custom]: () => "y".repeat(300_000) })).toMatch(/… \d+ more characters$/);
  });

  test("an inspect method that throws hides nothing else", () => {
    const broken = {
      [inspect.custom]: () => {
        throw new Error("no");
      },
      a: 1,
    };
    expect(mimeBundle(broken).data["text/plain"]).toContain("a: 1");
  });
});

describe("JSON", () => {
  const json = (value: unknown): unknown => mimeBundle(value).data[jsonType];

  test.each([
    [{ a: [1, "b", null, true] }, { a: [1, "b", null, true] }],
    [{ a: 12345678901234567890n }, { a: "12345678901234567890" }],
    [
      [Number.NaN, Infinity, undefined, () => 1, Symbol("s")],
      [null, null, null, null, null],
    ],
    [{ a: undefined, b: () => 1, c: Symbol("s") }, {}],
    [new Map([["a", 1]]), { a: 1 }],
    [new Map([[{ k: 1 }, 1]]), [[{ k: 1 }, 1]]],
    [new Set([1, "b"]), [1, "b"]],
    [
      [new Date(0), new Date(Number.NaN), /x/g, new URL("http://a/")],
      ["1970-01-01T00:00:00.000Z", null, "/x/g", "http://a/"],
    ],
    [
      [new Float32Array([1, 2]), Buffer.from([3]), new BigInt64Array([4n])],
      [[1, 2], [3], ["4"]],
    ],
    [[new TypeError("bad")], [{ name: "TypeError", message: "bad" }]],
    [[{ toJSON: () => ({ x: 1 }) }], [{ x: 1 }]],
    [
      [
        {
          toJSON: () => {
            throw new Error("no");
          },
          x: 1,
        },
      ],
      [{ x: 1 }],
    ],
    [
      [
        new (class A {
          x = 1;
        })(),
      ],
      [{ x: 1 }],
    ],
    [Object.assign(Array.from({ length: 0 }), { 0: 1, 2: 3 }), [1, null, 3]],
    [Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    [runInNewContext("({ a: [1] })"), { a: [1] }],
  ])("value %#", (value, expected) => {
    expect(json(value)).toEqual(expected);
  });

  test("only objects and lists have it", () => {
    for (const value of [
      1,
      "x",
      new Date(),
      new Error("x"),
      new (class A {
        x = 1;
      })(),
      Promise.resolve(),
      () => 1,
    ]) {
      expect(mimeBundle(value).data).not.toHaveProperty([jsonType]);
    }
  });

  test("cycles and getters that throw are replaced, which is said", () => {
    const value: Record<string, unknown> = {
      a: {
        get b() {
          throw new Error("secret");
        },
      },
    };
    value["self"] = value;
    const bundle = mimeBundle(value);
    expect(bundle.data[jsonType]).toEqual({ a: { b: "[Thrown: secret]" }, self: "[Circular]" });
    expect(bundle.metadata[jsonType]).toEqual({ replaced: true });
    const shared = { x: 1 };
    expect(mimeBundle([shared, shared])).toMatchObject({ data: { [jsonType]: [{ x: 1 }, { x: 1 }] }, metadata: {} });
  });

  test("what is huge is cut, which is said", () => {
    const bundle = mimeBundle(Array.from({ length: 400_000 }, (_, index) => ({ index, text: "some text" })));
    expect(JSON.stringify(bundle.data[jsonType]).length).toBeLessThan(2 * 1024 * 1024);
    expect(bundle.metadata[jsonType]).toEqual({ truncated: true, totalLength: 400_000 });
    const long = mimeBundle({ text: "x".repeat(3_000_000), after: 1 });
    expect(long.metadata[jsonType]).toEqual({ truncated: true });
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(mimeBundle(deep).metadata[jsonType]).toMatchObject({ truncated: true });
  });

  test("what is behind classes does not go on for ever", () => {
    class Node1 {
      next = {};
    }
    const root = new Node1();
    let last: { next: object } = root;
    for (let count = 0; count < 50; count += 1) last = last.next = new Node1();
    expect(JSON.stringify(mimeBundle({ root }).data[jsonType])).toContain('"[Node1]"');
  });

  test("a name such as __proto__ is one like any other", () => {
    const bundle = mimeBundle(JSON.parse('{ "__proto__": { "x": 1 } }'));
    expect(JSON.stringify(bundle.data[jsonType])).toBe('{"__proto__":{"x":1}}');
  });
});

describe("tables", () => {
  test("flat records", () => {
    const rows = [
      { a: 1, b: "x", c: new Date(0), d: null },
      { a: 2.5, b: "y", e: true },
    ];
    expect(mimeBundle(rows).data[tableType]).toEqual({
      schema: {
        fields: [
          { name: "a", type: "number" },
          { name: "b", type: "string" },
          { name: "c", type: "datetime" },
          { name: "d", type: "any" },
          { name: "e", type: "boolean" },
        ],
      },
      data: [
        { a: 1, b: "x", c: "1970-01-01T00:00:00.000Z", d: null },
        { a: 2.5, b: "y", e: true },
      ],
    });
  });

  test("many rows are cut as those of a data frame are", () => {
    const table = mimeBundle(Array.from({ length: 5000 }, (_, index) => ({ index }))).data[tableType];
    expect(table).toMatchObject({ truncated: true, totalRows: 5000 });
    expect((table as { data: unknown[] }).data).toHaveLength(1000);
    const wide = mimeBundle(Array.from({ length: 500 }, () => ({ text: "x".repeat(10_000) }))).data[tableType];
    expect((wide as { data: unknown[] }).data.length).toBeLessThan(120);
  });

  test.each([[[]], [[1, 2]], [[{ a: {} }]], [[{}]], [[{ a: 1 }, 2]], [{ a: 1 }]])("%j is none", (value) => {
    expect(mimeBundle(value).data).not.toHaveProperty([tableType]);
  });
});

describe("other forms", () => {
  test.each([
    ["image/png", "89504e470d0a1a0a00"],
    ["image/jpeg", "ffd8ffe000"],
    ["image/gif", "47494638396100"],
    ["image/webp", "52494646000000005745425000"],
    ["application/pdf", "255044462d312e37"],
  ])("%s by its first bytes", (type, hex) => {
    const bytes = Buffer.from(hex, "hex");
    for (const view of [bytes, new Uint8Array(bytes), new DataView(new Uint8Array(bytes).buffer)]) {
      expect(mimeBundle(view).data[type]).toBe(bytes.toString("base64"));
    }
    expect(mimeBundle(Buffer.from("plain")).data).toEqual({ "text/plain": "<Buffer 70 6c 61 69 6e>" });
  });

  test("charts by their specification", () => {
    const vegaLite = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", mark: "bar" };
    expect(mimeBundle(vegaLite).data["application/vnd.vegalite.v5+json"]).toEqual(vegaLite);
    const vega = { $schema: "https://vega.github.io/schema/vega/v6.json" };
    expect(mimeBundle(vega).data["application/vnd.vega.v6+json"]).toEqual(vega);
    const plotly = { data: [{ type: "bar", y: new Float64Array([1, 2]) }], layout: { title: "t" } };
    expect(mimeBundle(plotly).data["application/vnd.plotly.v1+json"]).toEqual({
      data: [{ type: "bar", y: [1, 2] }],
      layout: { title: "t" },
    });
    expect(Object.keys(mimeBundle({ data: [], layout: {} }).data)).toEqual(["text/plain", jsonType]);
  });

  test("nodes of a DOM", () => {
    class SVGElement {
      outerHTML = " <svg><g/></svg>";
    }
    expect(mimeBundle(new SVGElement()).data).toEqual({
      "image/svg+xml": " <svg><g/></svg>",
      "text/plain": "<SVGElement object>",
    });
    expect(mimeBundle({ outerHTML: "<b>x</b>" }).data["text/html"]).toBe("<b>x</b>");
  });

  test("an object's own Jupyter.display", async () => {
    const display = Symbol.for("Jupyter.display");
    const bundle = { "text/html": "<b>", "application/json": { a: 1 }, "image/png": Buffer.from("x") };
    expect(mimeBundle({ [display]: () => bundle }).data).toEqual({
      ...bundle,
      "image/png": "eA==",
      "text/plain": "<Object object>",
    });
    expect(mimeBundle({ [display]: () => ({ "text/plain": "own" }) }).data).toEqual({ "text/plain": "own" });
    expect(
      mimeBundle({
        [display]: () => {
          throw new Error("no");
        },
        a: 1,
      }).data[jsonType],
    ).toEqual({ a: 1 });
    const promised = { [display]: async () => ({ "text/plain": "later" }) };
    expect(mimeBundle(promised).data["text/plain"]).toContain("AsyncFunction");
    expect((await mimeBundleOrPromise(promised)).data).toEqual({ "text/plain": "later" });
    expect(
      (await mimeBundleOrPromise({ [display]: () => Promise.reject(new Error("no")) })).data["text/plain"],
    ).toContain("Function");
  });
});
