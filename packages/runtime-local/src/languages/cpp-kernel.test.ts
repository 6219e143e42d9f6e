import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type BuiltKernel, locateBuiltKernel, makeBuiltKernel } from "./built-kernel.ts";
import { cppKernel } from "./cpp-kernel.ts";

let home: string;
const lines: string[] = [];
const onProgress = (line: string): unknown => lines.push(line);
const onLinux = test.skipIf(process.platform !== "linux");

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "built-kernel-"));
  lines.length = 0;
  vi.stubEnv("KERNELBOX_HOME", home);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true });
});

/** The kernel with another build, for a machine that has all it takes. */
function builtBy(build: BuiltKernel["build"]): BuiltKernel {
  return { ...cppKernel, findMissing: () => Promise.resolve(undefined), build };
}

onLinux("what is missing for C and C++ is said of both", async () => {
  const kernel: BuiltKernel = { ...cppKernel, findMissing: () => Promise.resolve("clang was not found") };
  expect(await makeBuiltKernel(kernel, { onProgress })).toBeUndefined();
  expect(lines).toEqual([
    'clang was not found: the local runtime will not have the languages "c" and "cpp" (optional)',
  ]);
});

onLinux("a kernel is built where it stays, once for two that ask at the same time", async () => {
  let builds = 0;
  const kernel = builtBy(async ({ bin }) => {
    builds += 1;
    expect(await locateBuiltKernel(kernel)).toBeUndefined();
    writeFileSync(join(bin, "place"), bin);
  });
  const made = await Promise.all([makeBuiltKernel(kernel), makeBuiltKernel(kernel)]);
  const [directory = ""] = made;
  expect(made).toEqual([directory, directory]);
  expect(builds).toBe(1);
  expect(readFileSync(join(directory, "bin", "place"), "utf8")).toBe(join(directory, "bin"));
  expect(await locateBuiltKernel(kernel)).toBe(directory);
});

onLinux("what was left half built is built anew", async () => {
  const kernel = builtBy(({ bin }) => Promise.resolve(writeFileSync(join(bin, "new"), "")));
  const directory = (await makeBuiltKernel(kernel)) ?? "";
  rmSync(directory, { recursive: true });
  mkdirSync(join(directory, "bin", "old"), { recursive: true });
  expect(await locateBuiltKernel(kernel)).toBeUndefined();
  expect(await makeBuiltKernel(kernel)).toBe(directory);
  expect(() => readFileSync(join(directory, "bin", "old"))).toThrow(/ENOENT/);
});
