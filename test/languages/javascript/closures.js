const counter = (start = 0) => () => ++start;
const [tick, tock] = [counter(), counter(40)];
// %%
console.log(tick(), tock(), tick());
// %%
const compose = (...steps) => (value) => steps.reduce((result, step) => step(result), value);
const slug = compose(
  (text) => text.trim(),
  (text) => text.toLowerCase(),
  (text) => text.replace(/\W+/g, "-"),
);
slug("  Hello, Big World ")
// %%
var late = [];
for (var n = 0; n < 3; n++) late.push(() => n);
const early = [];
for (let n = 0; n < 3; n++) early.push(() => n);
console.log(late.map((f) => f()), early.map((f) => f()));
// %%
const sleep = (ms, value) => new Promise((resolve) => setTimeout(resolve, ms, value));
async function* slowly(...values) {
  for (const value of values) yield await sleep(1, value);
}
const source = slowly("a", "b", "c", "d");
for await (const value of source) {
  console.log(value);
  if (value === "b") break;
}
// %%
const results = await Promise.allSettled([sleep(5, tick()), Promise.reject(new Error("no"))]);
results.map(({ status, value, reason }) => `${status}: ${value ?? reason.message}`)
// %%
// Defined again: a counter that ends.
function counter(limit) {
  let n = 0;
  return () => {
    if (n === limit) throw new RangeError(`only ${limit}`);
    return ++n;
  };
}
const once = counter(1);
try {
  console.log(once());
  console.log(once());
} catch (error) {
  console.log("caught:", error.message);
}
