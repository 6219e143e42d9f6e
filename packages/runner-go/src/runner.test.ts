import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const hasGo = spawnSync("go", ["version"]).status === 0;
const script = join(import.meta.dirname, "..", "runner", "build.sh");

test.skipIf(!hasGo)(
  "the runner's own tests pass, on yaegi with our changes",
  async () => {
    const { stdout } = await promisify(execFile)("sh", [script, "--test"]);
    expect(stdout).toMatch(/^ok\s/);
  },
  600_000,
);
