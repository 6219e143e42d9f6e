interface Ring<T> {
  readonly zero: T;
  add(a: T, b: T): T;
  multiply(a: T, b: T): T;
}
type Matrix<T> = readonly (readonly T[])[];

const numbers: Ring<number> = { zero: 0, add: (a, b) => a + b, multiply: (a, b) => a * b };
const bigints: Ring<bigint> = { zero: 0n, add: (a, b) => a + b, multiply: (a, b) => a * b };
// %%
function product<T>(ring: Ring<T>, a: Matrix<T>, b: Matrix<T>): Matrix<T> {
  if (a[0]!.length !== b.length) throw new RangeError(`${a[0]!.length} columns and ${b.length} rows`);
  return a.map((row) =>
    b[0]!.map((_, column) => row.reduce((sum, x, k) => ring.add(sum, ring.multiply(x, b[k]![column]!)), ring.zero)),
  );
}
let a: Matrix<number> = [[1, 2], [3, 4], [5, 6]];
const b: Matrix<number> = [[7, 8, 9], [10, 11, 12]];
// %%
for (const row of product(numbers, a, b)) console.log(row.join(" "));
// %%
product(numbers, b, a)
// %%
try {
  product(numbers, a, a);
} catch (error: unknown) {
  if (error instanceof RangeError) console.log("caught:", error.message);
}
// %%
let power: Matrix<bigint> = [[1n, 0n], [0n, 1n]];
for (let n = 0; n < 100; n++) power = product(bigints, power, [[1n, 1n], [1n, 0n]]);
power[0]![1]
// %%
// Defined again: sums are minima, and products are sums. So a product of distances is that of the shortest ways.
const numbers: Ring<number> = { zero: Infinity, add: Math.min, multiply: (a, b) => a + b };
a = [[0, 5, 2], [5, 0, 1], [2, 1, 0]];
product(numbers, a, a)
