import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { builtLanguages } from "./built-languages.ts";
import { makeBuiltKernel } from "./built-kernel.ts";
import { goKernel } from "./go-kernel.ts";

let directory: string;
let home: string;
const lines: string[] = [];
const onProgress = (line: string): unknown => lines.push(line);

/** A program in the place of Go, which makes what the real one would. */
function fakeGo(version: string, build: string): void {
  const script = `#!/bin/sh\ncase "$1" in env) echo ${version};; build) ${build};; esac\n`;
  writeFileSync(join(directory, "go"), script);
  chmodSync(join(directory, "go"), 0o755);
}

describe.skipIf(process.platform !== "linux")("the Go kernel of the local runtime", () => {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "go-runner-"));
    home = join(directory, "home");
    lines.length = 0;
    vi.stubEnv("KERNELBOX_HOME", home);
    vi.stubEnv("PATH", `${directory}${delimiter}/usr/bin${delimiter}/bin`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });

  test("is built once, and is a language from then on", async () => {
    // The last argument but one is the target.
    fakeGo("go1.24.1", 'while [ "$1" != -o ]; do shift; done; echo program > "$2"');
    expect((await builtLanguages()).usable).toEqual([]);
    const made = await makeBuiltKernel(goKernel, { onProgress });
    expect(readdirSync(join(made ?? "", "bin"))).toEqual(["kernelbox-go"]);
    expect((await builtLanguages()).usable).toEqual([{ languages: ["go"], bundle: made, inside: made }]);
    fakeGo("go1.24.1", "exit 1");
    expect(await makeBuiltKernel(goKernel, { onProgress })).toBe(made);
    expect(lines).toEqual(["Building the program that runs Go cells"]);
  });

  test("is left out, with a word, where Go is too old or cannot build it", async () => {
    fakeGo("go1.22.5", "exit 0");
    expect(await makeBuiltKernel(goKernel, { onProgress })).toBeUndefined();
    expect(lines.pop()).toContain("Go 1.24 or later was not found");
    fakeGo("go1.26.0", "echo no network >&2; exit 1");
    expect(await makeBuiltKernel(goKernel, { onProgress })).toBeUndefined();
    expect(lines.pop()).toContain("no network");
    expect(readdirSync(home)).toEqual([]);
    expect((await builtLanguages()).usable).toEqual([]);
  });
});
