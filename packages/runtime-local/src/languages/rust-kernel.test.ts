import { readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { makeBuiltKernel } from "./built-kernel.ts";
import { rustKernel } from "./rust-kernel.ts";
import { useTestMachine } from "./machine.test-support.ts";

describe.skipIf(process.platform !== "linux")("the Rust kernel of the local runtime", () => {
  const machine = useTestMachine();
  const { fake, lines, onProgress } = machine;
  beforeEach(() => fake({ rustc: "echo rustc 1.95.0", cargo: "echo cargo 1.95.0", cc: "echo cc", ld: "echo ld" }));

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
    expect(readdirSync(machine.home)).toEqual([]);
  });
});
