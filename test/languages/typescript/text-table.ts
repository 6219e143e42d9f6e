interface Item {
  name: string;
  count: number;
  price: number;
}
const items: readonly Item[] = [
  { name: "nut", count: 1200, price: 0.05 },
  { name: "bolt", count: 80, price: 0.25 },
  { name: "Überwurf", count: 7, price: 12.5 },
];
// %%
enum Align {
  Left,
  Right,
}
type Column<T> = { [K in keyof T]: { key: K; align: Align; format?: (value: T[K]) => string } }[keyof T];
const columns = [
  { key: "name", align: Align.Left },
  { key: "count", align: Align.Right },
  { key: "price", align: Align.Right, format: (price) => price.toFixed(2) },
] satisfies readonly Column<Item>[];
Align[columns[1]!.align]
// %%
namespace Table {
  const pad = (text: string, width: number, align: Align): string =>
    align === Align.Left ? text.padEnd(width) : text.padStart(width);

  export function* lines<T>(columns: readonly Column<T>[], rows: readonly T[]): Generator<string> {
    const cell = (row: T, { key, format }: Column<T>): string => format?.(row[key]) ?? String(row[key]);
    const texts = [columns.map(({ key }) => String(key)), ...rows.map((row) => columns.map((column) => cell(row, column)))];
    const widths = columns.map((_, index) => Math.max(...texts.map((row) => row[index]!.length)));
    const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+`;
    yield rule;
    for (const [index, row] of texts.entries()) {
      yield `| ${row.map((text, column) => pad(text, widths[column]!, columns[column]!.align)).join(" | ")} |`;
      if (index === 0) yield rule;
    }
    yield rule;
  }
}
// %%
console.log([...Table.lines<Item>(columns, items)].join("\n"));
// %%
// Defined again; the table is the same.
const columns: readonly Column<Item>[] = [
  { key: "count", align: Align.Left, format: (count) => count.toLocaleString("en-US") },
  { key: "name", align: Align.Right, format: (name) => name.toUpperCase() },
];
for (const line of Table.lines<Item>(columns, items.slice(0, 2))) console.log(line);
// %%
items.reduce((sum, { count, price }) => sum + count * price, 0)
// %%
try {
  console.log(...Table.lines<Item>([{ key: "price", align: Align.Left, format: () => (-1).toFixed(101) }], items));
} catch (error) {
  console.log("caught:", (error as Error).name);
}
