import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BuiltKernel } from "./built-kernel.ts";
import { runStep } from "../run-step.ts";

const oldestGo = [1, 24] as const;
const versionTimeoutMs = 10_000;

/** Go cells are run by a program that needs Go, and its module proxy, to be built; boxes need neither. */
export const goKernel: BuiltKernel = {
  languages: ["go"],
  title: "Go",
  kernel: "runner-go",
  needs: `Go ${oldestGo.join(".")} or later`,
  findMissing: async () => ((await hasGo()) ? undefined : `Go ${oldestGo.join(".")} or later was not found`),
  // The toolchain that is here, rather than one that it would download.
  build: ({ sources, bin, signal }) =>
    runStep(["env", "GOTOOLCHAIN=local", "sh", join(sources, "build.sh"), join(bin, "kernelbox-go")], {
      ...(signal && { signal }),
    }),
};

async function hasGo(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)("go", ["env", "GOVERSION"], {
      timeout: versionTimeoutMs,
      env: { ...process.env, GOTOOLCHAIN: "local" },
    });
    const [major = 0, minor = 0] = stdout.replace(/^go/, "").split(".").map(Number.parseFloat);
    return major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1]);
  } catch {
    // There is none, which is the answer.
    return false;
  }
}
