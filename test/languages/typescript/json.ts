type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const text = '{"name": "Saturn", "moons": 146, "tags": ["gas", "große"], "ring": {"d": 3.5}, "none": null}';
const value = JSON.parse(text) as Json;
// %%
function kind(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(kind).join(", ")}]`;
  if (typeof value !== "object") return typeof value;
  return `{ ${Object.entries(value).map(([key, value]) => `${key}: ${kind(value)}`).join("; ")} }`;
}
kind(value)
// %%
interface Planet {
  name: string;
  moons: number;
}
function assertPlanet(value: unknown): asserts value is Planet {
  const { name, moons } = value as Partial<Planet>;
  if (typeof name !== "string" || typeof moons !== "number") throw new TypeError(`no planet: ${JSON.stringify(value)}`);
}
// %%
const found: unknown = value;
assertPlanet(found);
console.log(found.name.toUpperCase(), found.moons + 1);
// %%
try {
  assertPlanet(JSON.parse('{"name": "Pluto", "moons": "five"}'));
} catch (error) {
  console.log(String(error));
}
// %%
// Defined again, as a class.
class Planet {
  constructor(
    readonly name: string,
    private readonly moons: number,
    public discovered?: Date,
  ) {}
  toJSON(): object {
    return { ...this, discovered: this.discovered?.getUTCFullYear() };
  }
}
console.log(JSON.stringify([new Planet("Mars", 2), new Planet("Neptune", 16, new Date("1846-09-23"))], undefined, 1));
