import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FailureError } from "../failure-error.ts";
import { findKernelspecs, kernelspecDirectories } from "./kernelspecs.ts";
import { languagesOf, resolveLanguage } from "./languages.ts";

let root = "";
const logged: string[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kernelbox-specs-"));
  logged.length = 0;
});
afterEach(() => rmSync(root, { recursive: true }));

function install(directory: string, name: string, content: unknown): void {
  mkdirSync(join(root, directory, name), { recursive: true });
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(root, directory, name, "kernel.json"), text);
}

function find(...directories: string[]): ReturnType<typeof findKernelspecs> {
  const log = (message: string): void => void logged.push(message);
  return findKernelspecs(
    directories.map((directory) => join(root, directory)),
    log,
  );
}

test("of two kernelspecs with one name the first directory's counts", () => {
  install("a", "python3", { argv: ["first"], language: "python" });
  install("b", "python3", { argv: ["second"], language: "python" });
  install("b", "ir", { argv: ["R"], language: "R", interrupt_mode: "message" });
  const specs = find("a", "b", "missing");
  expect(specs.map((spec) => spec.argv[0])).toEqual(["first", "R"]);
  expect(specs[1]).toMatchObject({ name: "ir", language: "r", interruptMode: "message" });
});

test("a broken kernelspec is left out and reported; a directory without one is not", () => {
  install("a", "broken", "{");
  install("a", "empty", { argv: [] });
  mkdirSync(join(root, "a", "other"));
  expect(find("a")).toEqual([]);
  expect(logged).toHaveLength(2);
});

test("our own directories come first, then JUPYTER_PATH, then the machine's", () => {
  const found = kernelspecDirectories(["/own"], { JUPYTER_PATH: "/one:/two", JUPYTER_DATA_DIR: "/data" });
  expect(found.slice(0, 4)).toEqual(["/own", "/one/kernels", "/two/kernels", "/data/kernels"]);
  expect(found.at(-1)).toBe("/usr/share/jupyter/kernels");
});

describe("resolveLanguage", () => {
  beforeEach(() => {
    install("a", "python3", { argv: ["p"], language: "python" });
    install("a", "deno", { argv: ["d"], language: "typescript", metadata: { kernelbox: { aliases: ["TSX"] } } });
    install("a", "xcpp", { argv: ["x"], language: "C++" });
  });

  test.each([
    ["python", "python3"],
    ["py", "python3"],
    ["Python3", "python3"],
    ["ts", "deno"],
    ["tsx", "deno"],
    ["c++", "xcpp"],
    ["cpp", "xcpp"],
    ["xcpp", "xcpp"],
    [undefined, "deno"],
  ])("%s means %s", (wanted, name) => {
    expect(resolveLanguage(find("a"), wanted).name).toBe(name);
  });

  test("an unknown language is an error that lists what there is", () => {
    const specs = find("a");
    expect(languagesOf(specs)).toEqual(["typescript", "python", "cpp"]);
    const attempt = (): unknown => resolveLanguage(specs, "cobol");
    expect(attempt).toThrow(FailureError);
    expect(attempt).toThrow(/"cobol" is not installed; this box has typescript, python, cpp/);
    expect(attempt).toThrow(
      expect.objectContaining({
        code: "language-unavailable",
        details: { language: "cobol", available: languagesOf(specs) },
      }),
    );
  });

  test("a language that could be had says where, or what is missing for it", () => {
    const specs = find("a");
    expect(() => resolveLanguage(specs, "rscript")).toThrow(/the image kernelbox\/polyglot has it$/);
    const missing = { r: "R 4.3 or later", cobol: "an age" };
    expect(() => resolveLanguage(specs, "Rscript", missing)).toThrow(/; it needs R 4.3 or later$/);
    expect(() => resolveLanguage(specs, "go", missing)).toThrow(/polyglot has it$/);
  });
});
