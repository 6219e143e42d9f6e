import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished, pipeline } from "node:stream/promises";
import { extract } from "tar-fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBuildArchive } from "./build-archive.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "build-archive-"));
  await mkdir(join(directory, "a"));
  for (let index = 0; index < 50; index += 1) await writeFile(join(directory, "a", `${index}`), `text ${index}`);
  await writeFile(join(directory, "b"), "not asked for");
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("has the entries that were asked for, and no others", async () => {
  const target = join(directory, "target");
  await pipeline(openBuildArchive(directory, ["a"]).stream, extract(target));
  expect(await readFile(join(target, "a", "49"), "utf8")).toBe("text 49");
  await expect(readFile(join(target, "b"))).rejects.toThrow(/ENOENT/);
});

test("an entry that is not there is an error of the stream", async () => {
  const { stream } = openBuildArchive(directory, ["a", "none"]);
  await expect(finished(stream.resume())).rejects.toThrow(/ENOENT.*none/);
});

test("an error of an archive that nobody has taken ends nothing else", async () => {
  const { stream } = openBuildArchive(directory, ["none"]);
  await new Promise((resolve) => stream.on("close", resolve));
});

test("closed in the middle, it asks for nothing any more: the directory can go", async () => {
  const archive = openBuildArchive(directory, ["a"]);
  const ended = finished(archive.stream.resume()).catch((error: unknown) => error);
  archive.close();
  expect(await ended).toMatchObject({ code: "ERR_STREAM_PREMATURE_CLOSE" });
  await rm(directory, { recursive: true });
});
