// Files go in and out as bytes or text. Relative paths start at the sandbox's working directory.
import { Sandbox } from "@kernelbox/core";
import { exampleRuntime } from "./runtime.ts";

const sandbox = await Sandbox.create({ runtime: exampleRuntime(), files: { "data/numbers.csv": "n\n1\n2\n39\n" } });
try {
  await sandbox.runCode(`
import pandas as pd
numbers = pd.read_csv("data/numbers.csv")
numbers.assign(square=numbers.n ** 2).to_csv("data/squares.csv", index=False)`);

  for (const { name, size } of await sandbox.listFiles("data")) console.log(`${name}: ${size} bytes`);
  const { content } = await sandbox.readFile("data/squares.csv");
  console.log(content.trim());

  await sandbox.writeFile("picture.bin", new Uint8Array([1, 2, 3]));
  const bytes = await sandbox.readFile("picture.bin", { encoding: "bytes" });
  console.log(`picture.bin has ${bytes.content.length} bytes`);
  await sandbox.deleteFile("data", { recursive: true });
  console.log(`data exists: ${await sandbox.exists("data")}`);
} finally {
  await sandbox.stop();
}
