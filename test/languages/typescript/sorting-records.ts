interface Person {
  readonly name: string;
  readonly age: number;
  readonly city: string;
}
const people = [
  { name: "Grace", age: 85, city: "New York" },
  { name: "Ada", age: 36, city: "London" },
  { name: "Alan", age: 41, city: "Wilmslow" },
  { name: "Edsger", age: 72, city: "Nuenen" },
  { name: "Barbara", age: 36, city: "Boston" },
] as const satisfies readonly Person[];
// %%
type Order<T> = (a: T, b: T) => number;
const by = <T, K extends keyof T>(key: K): Order<T> => (a, b) => (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : 0);
const reversed = <T>(order: Order<T>): Order<T> => (a, b) => order(b, a);
const then = <T>(...orders: readonly Order<T>[]): Order<T> => (a, b) =>
  orders.map((order) => order(a, b)).find((result) => result !== 0) ?? 0;
// %%
function show(people: readonly Person[]): void {
  for (const { name, age, city } of people) console.log(`${name.padEnd(8)}${String(age).padStart(3)} ${city}`);
}
show([...people].sort(then(reversed(by<Person, "age">("age")), by<Person, "name">("name"))));
// %%
// Sorting is stable: people of one age stay in the order that they had.
[...people].sort(by<Person, "age">("age")).map((person) => person.name)
// %%
enum Sort {
  Up = 1,
  Down = -1,
}
const sorted = (people: readonly Person[], direction: Sort): readonly Person[] =>
  [...people].sort((a, b) => direction * (a.city.length - b.city.length));
sorted(people, Sort.Down)[0]
// %%
// Defined again: all in one line.
function show(people: readonly Pick<Person, "name">[]): void {
  console.log(people.map(({ name }) => name).join(", "));
}
show(sorted(people, Sort.Up));
// %%
try {
  show([...people, undefined as unknown as Person]);
} catch (error) {
  console.log("caught:", (error as Error).name);
}
