import { beforeEach, describe, expect, test } from "vitest";
import { type Display, type DisplayMessage, createDisplay } from "./display.ts";

let messages: DisplayMessage[];
let display: Display;
beforeEach(() => {
  messages = [];
  display = createDisplay((message) => messages.push(message));
});

test("a value is displayed as a result would be", () => {
  expect(display({ a: 1 })).toBeUndefined();
  expect(messages).toEqual([
    {
      type: "display",
      bundle: { data: { "text/plain": "{ a: 1 }", "application/json": { a: 1 } }, metadata: {} },
      displayId: undefined,
    },
  ]);
});

test("undefined is shown, not left out", () => {
  display(undefined);
  expect(messages).toMatchObject([{ bundle: { data: { "text/plain": "undefined" } } }]);
});

test.each([
  ["html", "text/html", "HTML"],
  ["markdown", "text/markdown", "Markdown"],
  ["svg", "image/svg+xml", "SVG"],
  ["latex", "text/latex", "LaTeX"],
  ["javascript", "application/javascript", "JavaScript"],
] as const)("%s", (form, type, name) => {
  display[form]("content");
  expect(messages).toMatchObject([
    { type: "display", bundle: { data: { [type]: "content", "text/plain": `<${name} object>` } } },
  ]);
});

test("text, JSON and pictures", () => {
  display.text("a\nb");
  display.json({ a: [1] });
  display.json("only text");
  display.png(Buffer.from("x"));
  display.jpeg("eA==");
  expect(messages.map((message) => ("bundle" in message ? message.bundle.data : {}))).toEqual([
    { "text/plain": "a\nb" },
    { "text/plain": "{ a: [ 1 ] }", "application/json": { a: [1] } },
    { "text/plain": "'only text'", "application/json": "only text" },
    { "text/plain": "<PNG object>", "image/png": "eA==" },
    { "text/plain": "<JPEG object>", "image/jpeg": "eA==" },
  ]);
});

test("nodes of a DOM can be given as markup", () => {
  display.html({ outerHTML: "<b>x</b>" });
  expect(messages).toMatchObject([{ bundle: { data: { "text/html": "<b>x</b>" } } }]);
});

test("a MIME bundle is displayed raw", () => {
  display({ "text/html": "<b>" }, { raw: true });
  expect(messages).toMatchObject([{ bundle: { data: { "text/html": "<b>" } } }]);
});

describe("updates", () => {
  test("by a handle", () => {
    const handle = display("a", { id: "x" });
    handle?.update("b");
    expect(messages.map((message) => ("displayId" in message ? [message.type, message.displayId] : []))).toEqual([
      ["display", "x"],
      ["update", "x"],
    ]);
  });

  test("by an id, in whatever form it was shown", () => {
    display.html("<b>", { id: "x" });
    display.update("x", { "text/html": "<i>" }, { raw: true });
    expect(messages[1]).toMatchObject({ type: "update", displayId: "x", bundle: { data: { "text/html": "<i>" } } });
  });

  test("an id can be made up", () => {
    const ids = [display(1, { id: true })?.id, display(1, { id: true })?.id];
    expect(ids[0]).toMatch(/^display-/);
    expect(new Set(ids).size).toBe(2);
  });

  test("clear", () => {
    display.clear();
    display.clear({ wait: true });
    expect(messages).toEqual([
      { type: "clear", wait: false },
      { type: "clear", wait: true },
    ]);
  });
});

test("what is promised comes when it is there", async () => {
  display({ [Symbol.for("Jupyter.display")]: async () => ({ "text/html": "later" }) });
  expect(messages).toEqual([]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(messages).toMatchObject([{ bundle: { data: { "text/html": "later" } } }]);
});
