enum Level {
  Info = "INFO",
  Error = "ERROR",
}
interface Entry {
  readonly date: string;
  readonly level: Level;
  readonly text: string;
  readonly code?: number;
}
const line: RegExp = /^(?<date>[\d-]{10}) (?<level>[A-Z]+) (?<text>.*?)(?: \(code=(?<code>\d+)\))?$/;
// %%
function parse(text: string): Entry {
  const groups = line.exec(text)?.groups;
  if (groups === undefined) throw new SyntaxError(`not an entry: ${text}`);
  const { date, level, text: rest, code } = groups as Record<keyof Entry, string | undefined>;
  return { date: date!, level: level as Level, text: rest!, ...(code !== undefined && { code: Number(code) }) };
}
const entries = ["2024-05-01 ERROR disk full (code=28)", "2024-05-02 INFO started"].map(parse);
entries.filter((entry) => entry.level === Level.Error)
// %%
try {
  parse("yesterday");
} catch (error) {
  console.log((error as Error).message);
}
// %%
type Token = { kind: "number"; value: number } | { kind: "operator"; value: string };
function* tokens(text: string): Generator<Token> {
  for (const { groups } of text.matchAll(/(?<number>\d+)|(?<operator>[-+*/()])/g)) {
    if (groups!["number"] !== undefined) yield { kind: "number", value: Number(groups!["number"]) };
    else yield { kind: "operator", value: groups!["operator"]! };
  }
}
for (const token of tokens("12+(3 * 45)")) console.log(token.kind, token.value);
// %%
// Defined again: takes the names out of a template.
const parse = (template: string): readonly string[] => Array.from(template.matchAll(/\{(\w+)\}/g), ([, name]) => name!);
parse("Dear {title} {name},")
// %%
const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
fill("Dear {title} {name},", { name: "Lovelace" })
