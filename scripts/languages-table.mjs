// Runs the conformance suite of every language on Docker and writes what it saw to docs/languages.md.
import { fileURLToPath } from "node:url";
import { startVitest } from "vitest/node";
import { LanguagesReporter } from "./languages-reporter.mjs";

process.env.KERNELBOX_TEST_RUNTIMES = "docker";
const vitest = await startVitest("test", ["test/conformance"], {
  root: fileURLToPath(new URL("..", import.meta.url)),
  project: "boxes",
  run: true,
  reporters: ["default", new LanguagesReporter()],
});
await vitest.close();
