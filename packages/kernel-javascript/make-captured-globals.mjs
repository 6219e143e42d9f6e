// For bundle.mjs: a module that takes hold of the globals before any cell runs. Cells share the global scope with the
// kernel's main thread, and `let process = 1` in a cell would be the kernel's `process`, too.
const names =
  "globalThis process Object Array Function String Number Boolean Symbol BigInt Math Date RegExp Map Set WeakMap WeakSet WeakRef " +
  "Promise Proxy Reflect JSON Atomics Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError " +
  "ArrayBuffer SharedArrayBuffer DataView Int32Array Uint8Array Uint32Array Float64Array Buffer URL TextDecoder TextEncoder " +
  "setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask structuredClone parseInt parseFloat isNaN";

/** The module's source. esbuild puts its exports in the place of globals of the same names (`inject`). */
export const capturedGlobals = [
  "const all = globalThis;",
  ...names.split(" ").map((name) => `const own_${name} = all.${name};\nexport { own_${name} as ${name} };`),
].join("\n");
