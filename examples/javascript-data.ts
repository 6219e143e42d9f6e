// JavaScript with an npm package: its files are written into the sandbox, which has no network, and cells import it.
import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Sandbox } from "kernelbox";
import { exampleRuntime } from "./runtime.ts";

/** Writes an installed package into `node_modules` of the sandbox's working directory. */
async function addPackage(sandbox: Sandbox, name: string): Promise<void> {
  const entry = createRequire(import.meta.url).resolve(name);
  const root = entry.slice(0, entry.lastIndexOf(join("node_modules", name)) + join("node_modules", name).length);
  for (const file of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || !/\.(js|json)$/.test(file.name)) continue;
    const path = join(file.parentPath, file.name);
    await sandbox.writeFile(join("node_modules", name, path.slice(root.length)), await readFile(path));
  }
}

const sandbox = await Sandbox.create({ runtime: exampleRuntime() });
try {
  await addPackage(sandbox, "d3-array");
  await addPackage(sandbox, "internmap");
  await sandbox.writeFile("weather.json", await readFile(join(dirname(import.meta.filename), "data", "weather.json")));

  const language = "javascript";
  await sandbox.runCode('import { mean, rollup } from "d3-array";\nimport weather from "./weather.json";', {
    language,
  });
  const all = await sandbox.runCode("mean(weather, (row) => row.temperature)", { language });
  console.log(`the mean temperature is ${all.text}`);

  const cities = await sandbox.runCode(
    `
const byCity = rollup(weather, (rows) => mean(rows, (row) => row.temperature), (row) => row.city);
[...byCity].sort().map(([city, temperature]) => \`\${city}: \${temperature}\`).join(", ")`,
    { language },
  );
  console.log(cities.text);

  // Plain objects and arrays also come as JSON.
  const rows = await sandbox.runCode("weather", { language });
  console.log(JSON.stringify(rows.results[0]?.json));
} finally {
  await sandbox.stop();
}
