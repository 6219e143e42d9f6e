const items = [
  { name: "nut", count: 1200, price: 0.05 },
  { name: "bolt", count: 80, price: 0.25 },
  { name: "Überwurf", count: 7, price: 12.5 },
];
const header = Object.keys(items[0]);
// %%
function cell(value) {
  return Number.isInteger(value) ? String(value) : typeof value === "number" ? value.toFixed(2) : value;
}
function* table(header, rows) {
  const texts = [header, ...rows.map((row) => header.map((key) => cell(row[key])))];
  const widths = header.map((_, column) => Math.max(...texts.map((row) => row[column].length)));
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+`;
  yield rule;
  for (const [index, row] of texts.entries()) {
    const padded = row.map((text, column) => (column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column])));
    yield `| ${padded.join(" | ")} |`;
    if (index === 0) yield rule;
  }
  yield rule;
}
// %%
console.log([...table(header, items)].join("\n"));
// %%
// Defined again; the table uses the new one.
const cell = (value) => (typeof value === "number" ? value.toLocaleString("en-US") : value.toUpperCase());
for (const line of table(header, items.slice(0, 1))) console.log(line);
// %%
items.reduce((sum, { count, price }) => sum + count * price, 0)
// %%
try {
  [...table(["name", "weight"], items)];
} catch (error) {
  console.log("caught:", error.name);
}
