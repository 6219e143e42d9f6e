import { describe, expect, test } from "vitest";
import { followEngine } from "./engine-progress.ts";

async function* answer(...chunks: readonly (string | Buffer)[]): AsyncGenerator<string | Buffer> {
  yield* chunks;
}

async function linesFrom(...chunks: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const lines: string[] = [];
  await followEngine(answer(...chunks), (line) => lines.push(line));
  return lines;
}

describe("the engine's answer", () => {
  test("is told line by line, however it is cut", async () => {
    const bytes = Buffer.from(`{"stream":"Step 1/2 : FROM größe\\n"}\r\n{"stream":"one\\ntwo\\n"}\n`);
    const cut = bytes.indexOf("ö") + 1;
    expect(await linesFrom(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual([
      "Step 1/2 : FROM größe",
      "one",
      "two",
    ]);
  });

  test("tells each state of a layer once", async () => {
    const downloading = `{"status":"Downloading","id":"a1","progress":"[=>]"}\n`;
    const lines = await linesFrom(`{"status":"Pulling from x"}\n`, downloading, downloading, downloading);
    expect(lines).toEqual(["Pulling from x", "a1: Downloading"]);
  });

  test("that ends with an error rejects, although its status was good", async () => {
    const failed = `{"errorDetail":{"code":1},"error":"The command '/bin/sh -c false' returned a non-zero code: 1"}\n`;
    await expect(linesFrom(`{"stream":"Step 1/1"}\n`, failed)).rejects.toThrow("non-zero code: 1");
  });

  test("that ends without a newline is read to its end", async () => {
    await expect(linesFrom(`{"error":"no space left"}`)).rejects.toThrow("no space left");
  });
});
