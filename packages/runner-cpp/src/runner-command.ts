import { join } from "node:path";

/** The languages that the runner speaks. */
export type RunnerLanguage = "c" | "cpp";

/** The command that runs cells: the program and its precompiled headers lie in one directory. */
export function runnerCommand(directory: string, language: RunnerLanguage): readonly string[] {
  return [
    join(directory, "kernelbox-cpp"),
    "--language",
    language,
    "--precompiled",
    join(directory, `prelude-${language}.pch`),
  ];
}
