import { expect, test } from "vitest";
import { runnerCommand } from "./runner-command.ts";

test("options of the environment come after ours, and before the program", () => {
  const command = runnerCommand("/none/runner.jar", { KERNELBOX_JAVA_OPTIONS: " -Xmx1g  -ea " });
  expect(command[0]).toBe("java");
  expect(command.slice(-4)).toEqual(["-Xmx1g", "-ea", "-jar", "/none/runner.jar"]);
  expect(runnerCommand("/none/runner.jar", {}).slice(-2)).toEqual(["-jar", "/none/runner.jar"]);
});

test("a start is quicker with an archive of classes, where there is one", () => {
  expect(runnerCommand("/none/runner.jar", {}).join(" ")).not.toContain("SharedArchiveFile");
});
