const text = `The quick brown fox jumps over the lazy dog.
The dog sleeps; the fox doesn't.`;

function* words(text) {
  for (const [word] of text.toLowerCase().matchAll(/[a-z]+(?:'[a-z]+)?/g)) yield word;
}
// %%
const counts = new Map();
for (const word of words(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
// %%
const ranked = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
for (const [word, count] of ranked.slice(0, 3)) console.log(`${word.padStart(5)} ${count}`);
// %%
[counts.size, [...counts.values()].reduce((sum, count) => sum + count, 0)]
// %%
// Defined again: only long words, and an apostrophe ends a word.
function words(text) {
  return text.toLowerCase().match(/\w+/g).filter((word) => word.length > 4);
}
new Set(words(text))
// %%
const byLength = new Map();
for (const word of [...counts.keys()].sort()) byLength.set(word.length, [...(byLength.get(word.length) ?? []), word]);
byLength.get(3).join(" ")
