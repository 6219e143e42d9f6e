import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeBuiltKernel } from "./built-kernel.ts";
import { rustKernel } from "./rust-kernel.ts";

let directory: string;
let home: string;
const lines: string[] = [];
const onProgress = (line: string): unknown => lines.push(line);

/** Programs in the place of the real ones. */
function fake(programs: Readonly<Record<string, string>>): void {
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(directory, name), 0o755);
  }
}

describe.skipIf(process.platform !== "linux")("the Rust kernel of the local runtime", () => {
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "rust-runner-"));
    home = join(directory, "home");
    lines.length = 0;
    vi.stubEnv("KERNELBOX_HOME", home);
    // Only what is faked, so that a machine's own compilers do not count.
    vi.stubEnv("PATH", directory);
    fake({ rustc: "echo rustc 1.95.0", cargo: "echo cargo 1.95.0", cc: "echo cc", ld: "echo ld" });
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });

  test("is built once, and not again", async () => {
    fake({ sh: 'echo program > "$2/kernelbox-rust"' });
    const made = await makeBuiltKernel(rustKernel, { onProgress });
    expect(readdirSync(join(made ?? "", "bin"))).toEqual(["kernelbox-rust"]);
    fake({ sh: "exit 1" });
    expect(await makeBuiltKernel(rustKernel, { onProgress })).toBe(made);
    expect(lines).toEqual(["Building the program that runs Rust cells"]);
  });

  test("is left out, with a word for what is missing, too old, or cannot build it", async () => {
    fake({ rustc: "echo rustc 1.85.1", cc: "exit 1" });
    expect(await makeBuiltKernel(rustKernel, { onProgress })).toBeUndefined();
    expect(lines.pop()).toContain("rustc 1.91 and cc were not found");
    fake({ rustc: "echo rustc 2.0.0", cc: "echo cc", sh: "echo no registry >&2; exit 1" });
    expect(await makeBuiltKernel(rustKernel, { onProgress })).toBeUndefined();
    expect(lines.pop()).toContain("no registry");
    expect(readdirSync(home)).toEqual([]);
  });
});
