import { describe, expect, test } from "vitest";
import { mimeBundle } from "./mime-bundle.ts";

describe("hostile values and worlds", () => {
  const throwing = (): never => {
    throw new Error("trap");
  };
  const traps = Object.fromEntries(
    ["get", "has", "ownKeys", "getPrototypeOf", "getOwnPropertyDescriptor", "apply"].map((name) => [name, throwing]),
  );

  test.each([
    ["a proxy that throws", () => new Proxy({}, traps)],
    [
      "one that is revoked",
      () =>
        (() => {
          const { proxy, revoke } = Proxy.revocable({}, {});
          revoke();
          return proxy;
        })(),
    ],
    ["a proxy of a function", () => new Proxy(() => 1, traps)],
    [
      "proxies without end",
      () =>
        new Proxy(
          {},
          {
            get: (_, __, receiver) => receiver,
            ownKeys: () => ["a"],
            getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
          },
        ),
    ],
    [
      "getters of all sorts",
      () => ({
        get constructor() {
          return throwing();
        },
        get outerHTML() {
          return throwing();
        },
        get $schema() {
          return throwing();
        },
        get toJSON() {
          return throwing();
        },
      }),
    ],
    [
      "a stringTag that throws",
      () => ({
        get [Symbol.toStringTag]() {
          return throwing();
        },
      }),
    ],
    ["an array with a getter", () => Object.defineProperty([1, 2], 0, { get: throwing, enumerable: true })],
    ["nothing for a prototype", () => Object.create(null)],
    [
      "a detached buffer",
      () =>
        (() => {
          const bytes = new Uint8Array(8);
          structuredClone(bytes, { transfer: [bytes.buffer] });
          return bytes;
        })(),
    ],
  ])("%s never fails", (_, value) => {
    const bundle = mimeBundle(value());
    expect(typeof bundle.data["text/plain"]).toBe("string");
    structuredClone(bundle);
  });

  test("broken globals and prototypes do not matter", () => {
    const targets: readonly (readonly [object, string | symbol])[] = [
      [JSON, "stringify"],
      [Array.prototype, "push"],
      [Array.prototype, "map"],
      [Array.prototype, Symbol.iterator],
      [Object, "keys"],
      [Object, "getPrototypeOf"],
      [Reflect, "get"],
      [Number, "isFinite"],
      [String.prototype, "slice"],
      [String.prototype, "includes"],
      [RegExp.prototype, "exec"],
      [Date.prototype, "toISOString"],
      [Map.prototype, "forEach"],
      [Function.prototype, "call"],
      [Function.prototype, "apply"],
    ];
    const value = [
      { a: 1, b: new Date(0) },
      { a: 2, b: new Date(0) },
    ];
    const chart = { $schema: "https://vega.github.io/schema/vega-lite/v5.json", m: new Map([["a", 1]]) };
    const expected = JSON.stringify([mimeBundle(value), mimeBundle(chart)]);
    const { defineProperty, getOwnPropertyDescriptor } = Object;
    const before: (PropertyDescriptor | undefined)[] = [];
    let made: unknown;
    let failure: unknown;
    // Nothing but loops by index from here on: everything else is broken.
    for (let index = 0; index < targets.length; index += 1) {
      const target = targets[index] ?? [{}, ""];
      before[index] = getOwnPropertyDescriptor(target[0], target[1]);
      defineProperty(target[0], target[1], { value: throwing, configurable: true, writable: true });
    }
    try {
      made = [mimeBundle(value), mimeBundle(chart)];
    } catch (error) {
      failure = error;
    }
    for (let index = 0; index < targets.length; index += 1) {
      const target = targets[index] ?? [{}, ""];
      defineProperty(target[0], target[1], before[index] ?? {});
    }
    expect(failure).toBeUndefined();
    expect(JSON.stringify(made)).toBe(expected);
  });

  test("a setter on Object.prototype sees nothing of the result", () => {
    let seen = 0;
    const set = (): void => {
      seen += 1;
    };
    Reflect.defineProperty(Object.prototype, "text/plain", { set, configurable: true });
    try {
      expect(Object.keys(mimeBundle({ "text/plain": 1 }).data)).toContain("text/plain");
    } finally {
      Reflect.deleteProperty(Object.prototype, "text/plain");
    }
    expect(seen).toBe(0);
  });
});
