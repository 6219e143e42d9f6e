import * as fs from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const directory = fs.mkdtempSync(join(tmpdir(), "kb-"));
for (const name of ["alpha", "beta", "with space"]) {
  fs.writeFileSync(join(directory, `${name}.txt`), `${name}\nline two\n`);
}
// %%
const names = () => fs.readdirSync(directory).sort();
names()
// %%
const table = fs.openSync(join(directory, "table.csv"), "w+");
const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
fs.writeSync(table, ["Ada", 'said "hello", twice'].map(quote).join() + "\n")
// %%
// An open file is as open in the next cell.
fs.writeSync(table, "Kōji,\n");
const buffer = Buffer.alloc(64);
const length = fs.readSync(table, buffer, 0, 64, 0);
fs.closeSync(table);
console.log(buffer.toString("utf8", 0, length));
// %%
import { createInterface } from "node:readline";

let number = 0;
for await (const line of createInterface({ input: fs.createReadStream(join(directory, "with space.txt")) })) {
  console.log(`${++number}: ${line}`);
}
// %%
try {
  await readFile(join(directory, "gone.txt"), "utf8");
} catch (error) {
  console.log("caught:", error.code, basename(error.path));
}
// %%
// Defined again: with sizes.
async function names() {
  const files = fs.readdirSync(directory).sort();
  return Promise.all(files.map(async (file) => `${file} ${(await stat(join(directory, file))).size}`));
}
for (const name of await names()) console.log(name);
// %%
fs.rmSync(directory, { recursive: true });
fs.existsSync(directory)
