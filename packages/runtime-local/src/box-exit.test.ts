import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exitOf } from "./box-exit.ts";
import { type BoxPlaces, boxPlaces } from "./registry.ts";

describe("why a local box ended", () => {
  let registry: string;
  let places: BoxPlaces;

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), "kernelbox-registry-"));
    places = boxPlaces(registry, "id");
    await mkdir(places.directory, { recursive: true });
    await writeFile(places.record, "{}");
  });

  afterEach(async () => {
    await rm(registry, { recursive: true, force: true });
  });

  test.each([
    [80, "idle"],
    [81, "lifetime"],
    [0, "stopped"],
    [137, "crashed"],
  ])("exit code %i: %s", async (exitCode, reason) => {
    await writeFile(places.exit, `${exitCode}\n`);
    expect(await exitOf(places)).toEqual({ reason, exitCode });
  });

  test("was asked for: stopped, whatever the code", async () => {
    await writeFile(places.exit, "137\n");
    await writeFile(places.stopping, "");
    expect(await exitOf(places)).toEqual({ reason: "stopped", exitCode: 0 });
  });

  test("has no code: crashed, with the last words", async () => {
    await writeFile(places.log, `${"x".repeat(5000)}\nlast words\n`);
    const exit = await exitOf(places);
    expect(exit).toMatchObject({ reason: "crashed", lastWords: expect.stringMatching(/last words$/) });
    expect(exit.lastWords?.length).toBe(4000);
  });
});
