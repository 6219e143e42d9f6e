const person = (name, age, city) => ({ name, age, city });
const people = [
  person("Grace", 85, "New York"),
  person("Ada", 36, "London"),
  person("Alan", 41, "Wilmslow"),
  person("Edsger", 72, "Nuenen"),
  person("Barbara", 36, "Boston"),
];
// %%
function show(people) {
  for (const { name, age, city } of people) console.log(`${name.padEnd(8)}${String(age).padStart(3)} ${city}`);
}
const by = (...keys) => (a, b) => keys.map((key) => (key(a) < key(b) ? -1 : Number(key(a) > key(b)))).find(Boolean) ?? 0;
show(people.toSorted(by(({ age }) => -age, ({ name }) => name)));
// %%
// Sorting is stable: people of one age stay in the order that they had.
people.sort(by(({ age }) => age));
people.map(({ name }) => name)
// %%
const cities = new Map();
for (const { age, city } of people) {
  if (!cities.has(age)) cities.set(age, []);
  cities.get(age).push(city);
}
cities
// %%
// Sorts as text without a function that compares.
[10, 9, 1, undefined, 2].toSorted()
// %%
// Defined again: all in one line.
const show = (people) => console.log(people.map(({ name, ...rest }) => `${name} (${Object.values(rest)})`).join("; "));
show(people.slice(0, 2));
// %%
try {
  people.with(9, person("Tim", 40, "Kew"));
} catch (error) {
  console.log("caught:", error.name);
}
people.findLast(({ age }) => age < 70)
