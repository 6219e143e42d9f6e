import { existsSync, type Dirent } from "node:fs";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

const directory: string = await fs.mkdtemp(join(tmpdir(), "kb-"));
const write = (name: string, text: string): Promise<void> => fs.writeFile(join(directory, name), text);
await Promise.all(["alpha", "beta", "with space"].map((name) => write(`${name}.txt`, `${name}\nline two\n`)));
await fs.mkdir(join(directory, "sub"));
// %%
type Found = { readonly name: string; readonly kind: "file" | "directory" };
async function list(directory: string): Promise<readonly Found[]> {
  const entries: Dirent[] = await fs.readdir(directory, { withFileTypes: true });
  const found = entries.map(({ name }, index): Found => ({ name, kind: entries[index]!.isFile() ? "file" : "directory" }));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
for (const { name, kind } of await list(directory)) console.log(kind, name);
// %%
const table: fs.FileHandle = await fs.open(join(directory, "table.csv"), "w+");
const { bytesWritten } = await table.write("name,age\nAda,36\n");
bytesWritten
// %%
// An open file is as open in the next cell.
await table.write("Kōji,41\n");
const { bytesRead, buffer } = await table.read(Buffer.alloc(64), 0, 64, 0);
await table.close();
const [head, ...rows] = buffer.toString("utf8", 0, bytesRead).trimEnd().split("\n").map((line) => line.split(","));
rows.map((row) => Object.fromEntries(row.map((cell, index) => [head![index]!, cell])))
// %%
const read = async (name: string): Promise<string> => fs.readFile(join(directory, name), "utf8");
try {
  console.log((await read("with space.txt")).toUpperCase());
  await read("gone.txt");
} catch (error) {
  const { code, path } = error as NodeJS.ErrnoException;
  console.log("caught:", code, basename(path!));
}
// %%
// Defined again: reads JSON, as a type.
const read = async <T>(name: string): Promise<T> => JSON.parse(await fs.readFile(join(directory, name), "utf8")) as T;
await write("data.json", JSON.stringify({ n: 41 }));
(await read<{ n: number }>("data.json")).n + 1
// %%
await fs.rm(directory, { recursive: true });
existsSync(directory)
