import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, vi } from "vitest";

/** A machine that has only the programs that a test gives it, and nothing that was built. */
export type TestMachine = {
  /** Where kernels are built. */
  readonly home: string;
  /** What the building of kernels has said since the test began. */
  readonly lines: string[];
  readonly onProgress: (line: string) => unknown;
  /** Puts shell scripts in the place of programs. */
  readonly fake: (programs: Readonly<Record<string, string>>) => void;
};

/** Declares the machine for the tests of a `describe`. */
export function useTestMachine(): TestMachine {
  const lines: string[] = [];
  let directory = "";

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "test-machine-"));
    lines.length = 0;
    vi.stubEnv("KERNELBOX_HOME", join(directory, "home"));
    // Only what is faked, so that a machine's own compilers do not count.
    vi.stubEnv("PATH", directory);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });

  return {
    get home() {
      return join(directory, "home");
    },
    lines,
    onProgress: (line) => lines.push(line),
    fake: (programs) => {
      for (const [name, script] of Object.entries(programs)) {
        writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
        chmodSync(join(directory, name), 0o755);
      }
    },
  };
}
