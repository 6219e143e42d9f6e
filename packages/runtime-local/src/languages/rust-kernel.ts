import { join } from "node:path";
import type { BuiltKernel } from "./built-kernel.ts";
import { runStep } from "../run-step.ts";
import { outputOf } from "./missing-commands.ts";

const oldestRust = [1, 91] as const;

/** Rust cells are compiled in the box, by the rustc of the machine. To build the kernel takes the registry of crates, too. */
export const rustKernel: BuiltKernel = {
  languages: ["rust"],
  title: "Rust",
  kernel: "runner-rust",
  needs: `rustc and cargo ${oldestRust.join(".")} or later, cc and ld`,
  findMissing,
  build: ({ sources, bin, signal }) => runStep(["sh", join(sources, "build.sh"), bin], { ...(signal && { signal }) }),
};

async function findMissing(): Promise<string | undefined> {
  const missing: string[] = [];
  for (const command of ["rustc", "cargo"]) {
    const said = await outputOf(command, "--version");
    const [major = 0, minor = 0] = (said?.split(" ")[1] ?? "").split(".").map(Number);
    const isOld = major < oldestRust[0] || (major === oldestRust[0] && minor < oldestRust[1]);
    if (said === undefined || isOld) missing.push(`${command} ${oldestRust.join(".")}`);
  }
  for (const command of ["cc", "ld"]) if ((await outputOf(command, "--version")) === undefined) missing.push(command);
  return missing.length === 0
    ? undefined
    : `${missing.join(" and ")} ${missing.length === 1 ? "was" : "were"} not found`;
}
