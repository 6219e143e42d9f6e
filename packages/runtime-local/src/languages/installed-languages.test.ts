import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { locateKernel } from "../bundles.ts";
import { installedLanguages } from "./installed-languages.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "installed-languages-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

function program(name: string, text: string, mode = 0o755): void {
  writeFileSync(join(directory, name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(directory, name), mode);
}

const names = async (path: string): Promise<readonly string[]> =>
  (await installedLanguages(path)).usable.flatMap(({ languages }) => languages);

test.skipIf(process.platform !== "linux")(
  "a language is there if its program says that it is good enough",
  async () => {
    program("bash", "exit 0");
    program("php", "exit 1");
    expect(await names(directory)).toEqual(["bash"]);
    expect((await installedLanguages(directory)).missing).toEqual({
      php: "PHP 8.2 or later with pcntl, posix and tokenizer",
      java: "a JDK 17 or later with JShell",
      r: "R 4.3 or later",
    });
  },
);

test.skipIf(process.platform !== "linux")(
  "the first program of a name counts, and what cannot be run is none",
  async () => {
    program("php", "exit 0", 0o644);
    program("bash", "exit 1");
    expect(await names(`/nonexistent:${directory}:/usr/bin:/bin`)).not.toContain("bash");
  },
);

test.skipIf(process.platform !== "linux")("a JDK says in a file what it is", async () => {
  mkdirSync(join(directory, "bin"));
  program("bin/java", "exit 1");
  const path = join(directory, "bin");
  writeFileSync(join(directory, "release"), 'JAVA_VERSION="11.0.2"\nMODULES="java.base jdk.jshell"\n');
  expect(await names(path)).toEqual([]);
  writeFileSync(join(directory, "release"), 'JAVA_VERSION="21.0.2"\nMODULES="java.base"\n');
  expect(await names(`${path}:`)).toEqual([]);
  writeFileSync(join(directory, "release"), 'JAVA_VERSION="21.0.2"\nMODULES="java.base jdk.jshell jdk.zipfs"\n');
  // Where the kernel itself could not be compiled, it is not there.
  const bundle = await locateKernel("kernel-java");
  expect(await names(`${path}::`)).toEqual(existsSync(join(bundle, "runner.jar")) ? ["java"] : []);
});

test("an empty path has nothing", async () => {
  expect(await names(join(directory, "none"))).toEqual([]);
});
