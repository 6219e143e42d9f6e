class Planet {
  constructor(name, moons, found) {
    Object.assign(this, { name, moons, found });
  }
  toJSON() {
    return { ...this, kind: "planet" };
  }
}
const planets = [new Planet("Mars", 2), new Planet("Neptune", 16, new Date(Date.UTC(1846, 8, 23)))];
// %%
const text = JSON.stringify(planets, null, 2);
console.log(text);
// %%
const revive = (key, value) => (key === "found" ? new Date(value) : value);
const [, neptune] = JSON.parse(text, revive);
neptune.found.getUTCFullYear()
// %%
JSON.stringify({ b: [1, undefined, NaN], a: undefined, c: "é\n" })
// %%
try {
  JSON.parse('{"a": }');
} catch (error) {
  console.log("caught:", error.name);
}
// %%
// Defined again: it also writes a Map, and big integers as text.
const revive = (_, value) =>
  value instanceof Map ? Object.fromEntries(value) : typeof value === "bigint" ? `${value}` : value;
JSON.stringify(new Map([["big", 2n ** 64n]]), revive)
// %%
const copy = structuredClone(planets[1]);
console.log(copy instanceof Planet, copy.found.toJSON());
JSON.stringify({ moons: 10n })
