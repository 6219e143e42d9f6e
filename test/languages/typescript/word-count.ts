const text: string = `The quick brown fox jumps over the lazy dog.
The dog sleeps; the fox doesn't.`;

function* words(text: string): Generator<string> {
  for (const [word] of text.toLowerCase().matchAll(/[a-z]+(?:'[a-z]+)?/g)) yield word;
}
// %%
class Counter<T> extends Map<T, number> {
  count(items: Iterable<T>): this {
    for (const item of items) this.set(item, (this.get(item) ?? 0) + 1);
    return this;
  }
  mostCommon(n: number): [T, number][] {
    return [...this].sort(([, m], [, n]) => n - m).slice(0, n);
  }
}
const counter = new Counter<string>().count(words(text));
// %%
for (const [word, count] of counter.mostCommon(3)) console.log(`${word.padStart(5)} ${count}`);
// %%
type Summary = { readonly words: number; readonly total: number };
const summary = { words: counter.size, total: [...counter.values()].reduce((a, b) => a + b) } satisfies Summary;
summary
// %%
// Defined again: the letters.
function* words(text: string, isLetter = (c: string): boolean => /\p{L}/u.test(c)): Generator<string> {
  for (const c of text.toLowerCase()) if (isLetter(c)) yield c;
}
new Counter<string>().count(words("Hello, World")).mostCommon(2)
