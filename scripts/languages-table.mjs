// Runs the conformance suite of every language on Docker and writes what it saw to docs/languages.md.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { status } = spawnSync(
  process.execPath,
  [
    "node_modules/vitest/vitest.mjs",
    ...["run", "--project", "boxes", "--reporter=default", "--reporter=./scripts/languages-reporter.mjs"],
    "test/conformance",
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, KERNELBOX_TEST_RUNTIMES: "docker" } },
);
process.exitCode = status ?? 1;
