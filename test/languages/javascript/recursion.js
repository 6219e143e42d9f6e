function* hanoi(n, source = "A", target = "C", spare = "B") {
  if (n === 0) return;
  yield* hanoi(n - 1, source, spare, target);
  yield source + target;
  yield* hanoi(n - 1, spare, target, source);
}
// %%
console.log(...hanoi(3));
[...hanoi(10)].length
// %%
const known = new Map();
let calls = 0;
function fibonacci(n) {
  if (n < 2) return BigInt(n);
  if (!known.has(n)) {
    calls++;
    known.set(n, fibonacci(n - 1) + fibonacci(n - 2));
  }
  return known.get(n);
}
// %%
console.log(fibonacci(90), calls);
// %%
const flatten = ([first, ...rest]) =>
  first === undefined ? [] : [...(Array.isArray(first) ? flatten(first) : [first]), ...flatten(rest)];
flatten([1, [2, [3, [], 4]], [[5]]])
// %%
const permutations = (text) =>
  text === "" ? [""] : [...text].flatMap((x, i) => permutations(text.slice(0, i) + text.slice(i + 1)).map((rest) => x + rest));
permutations("abc").join(" ")
// %%
const deep = (n) => deep(n + 1) + 1;
try {
  deep(0);
} catch (error) {
  console.log(error instanceof RangeError, error.message);
}
// %%
// Defined again, with an end.
const deep = (n) => (n === 500 ? 0 : deep(n + 1) + 1);
deep(0)
