import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { languageInfo } from "./language-info.ts";
import { runnerCommand } from "./runner-command.ts";

test("each language has the headers that were compiled for it", () => {
  expect(runnerCommand("/bin-of-image", "c")).toEqual([
    "/bin-of-image/kernelbox-cpp",
    "--language",
    "c",
    "--precompiled",
    "/bin-of-image/prelude-c.pch",
  ]);
});

test.each(["c", "cpp"] as const)("the kernelspec of %s starts the kernel of that language", (language) => {
  const spec: unknown = JSON.parse(
    readFileSync(new URL(`../kernels/${language}/kernel.json`, import.meta.url), "utf8"),
  );
  expect(spec).toMatchObject({ language, env: { KERNELBOX_CPP_LANGUAGE: language } });
  expect(languageInfo(language, "1").languageInfo.name).toBe(language);
});
