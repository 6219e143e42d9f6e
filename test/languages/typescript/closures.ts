type Step = () => number;
const counter = (start = 0): Step => () => ++start;
const [tick, tock]: readonly [Step, Step] = [counter(), counter(40)];
// %%
console.log(tick(), tock(), tick());
// %%
const pipe = <A, B, C>(first: (value: A) => B, second: (value: B) => C) => (value: A): C => second(first(value));
const shout = pipe((n: number) => "ho".repeat(n), (text) => `${text}!`);
shout(3)
// %%
function memoize<Arguments extends readonly unknown[], Result>(f: (...args: Arguments) => Result) {
  const known = new Map<string, Result>();
  return (...args: Arguments): Result => {
    const key = JSON.stringify(args);
    if (!known.has(key)) known.set(key, f(...args));
    return known.get(key)!;
  };
}
let calls = 0;
const ways = memoize((rows: number, columns: number): number => {
  calls++;
  return rows === 0 || columns === 0 ? 1 : ways(rows - 1, columns) + ways(rows, columns - 1);
});
// %%
console.log(ways(10, 10), calls);
// %%
// Defined again: a counter with a type parameter, that ends.
const counter = <const T extends readonly string[]>(...names: T) => {
  let n = 0;
  return (): T[number] => {
    if (n === names.length) throw new RangeError(`only ${names.length}`);
    return names[n++]!;
  };
};
const next = counter("red", "green");
[next(), next()]
// %%
const attempt = async <T>(action: () => T | Promise<T>): Promise<T | string> => {
  try {
    return await action();
  } catch (error) {
    return `caught: ${(error as Error).message}`;
  }
};
console.log(await attempt(next), await attempt(async () => tick()));
