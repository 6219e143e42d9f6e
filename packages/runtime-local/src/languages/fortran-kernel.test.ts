import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtLanguages } from "./built-languages.ts";
import { makeBuiltKernel } from "./built-kernel.ts";
import { fortranKernel } from "./fortran-kernel.ts";
import { useTestMachine } from "./machine.test-support.ts";

describe.skipIf(process.platform !== "linux")("the Fortran kernel of the local runtime", () => {
  const machine = useTestMachine();
  const { fake, lines, onProgress } = machine;

  test("is built once, and is a language from then on", async () => {
    fake({ gfortran: "echo 14", "g++": "echo 12", make: 'echo program > "${5#OUT=}/kernelbox-fortran"' });
    const made = await makeBuiltKernel(fortranKernel, { onProgress });
    expect(readdirSync(join(made ?? "", "bin"))).toEqual(["kernelbox-fortran"]);
    expect((await builtLanguages()).usable).toEqual([{ languages: ["fortran"], bundle: made, inside: made }]);
    fake({ make: "exit 1" });
    expect(await makeBuiltKernel(fortranKernel, { onProgress })).toBe(made);
    expect(lines).toEqual(["Building the program that runs Fortran cells"]);
  });

  test("is left out, with a word for what is missing, too old, or cannot build it", async () => {
    fake({ "g++": "echo 14", make: "exit 0" });
    expect(await makeBuiltKernel(fortranKernel, { onProgress })).toBeUndefined();
    expect(lines.pop()).toContain("gfortran was not found");
    fake({ gfortran: "echo 10", "g++": "echo 10" });
    expect(await makeBuiltKernel(fortranKernel, { onProgress })).toBeUndefined();
    expect(lines.pop()).toContain("gfortran 12 and g++ 12 were not found");
    fake({ gfortran: "echo 14", "g++": "echo 14", make: '[ "$1" = --version ] || { echo no header >&2; exit 1; }' });
    expect(await makeBuiltKernel(fortranKernel, { onProgress })).toBeUndefined();
    expect(lines.pop()).toContain("no header");
    expect(readdirSync(machine.home)).toEqual([]);
    expect((await builtLanguages()).usable).toEqual([]);
  });
});
