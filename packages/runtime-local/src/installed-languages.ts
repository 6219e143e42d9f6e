import { execFile } from "node:child_process";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { access, constants } from "node:fs/promises";
import { locateKernel } from "./bundles.ts";

/** A language that boxes have because this machine has it. */
export type InstalledLanguage = {
  readonly name: string;
  /** The directory of its kernel's bundle. */
  readonly bundle: string;
};

type Candidate = {
  readonly name: string;
  /** The package with its kernel. */
  readonly kernel: string;
  /** Ends with 0 where it is new enough and has what the runner needs. */
  readonly command: string;
  readonly test: readonly string[];
};

const candidates: readonly Candidate[] = [
  { name: "bash", kernel: "runner-bash", command: "bash", test: ["-c", "((BASH_VERSINFO[0] >= 5))"] },
  {
    name: "php",
    kernel: "runner-php",
    command: "php",
    test: [
      "-r",
      'exit(PHP_VERSION_ID >= 80200 && extension_loaded("pcntl") && extension_loaded("posix") && extension_loaded("tokenizer") ? 0 : 1);',
    ],
  },
];

const testTimeoutMs = 10_000;
const found = new Map<string, Promise<readonly InstalledLanguage[]>>();

/** The languages that can be used from this search path. Looked for once. Their kernels need Linux. */
export function installedLanguages(searchPath: string): Promise<readonly InstalledLanguage[]> {
  if (process.platform !== "linux") return Promise.resolve([]);
  const known = found.get(searchPath) ?? lookFor(searchPath);
  found.set(searchPath, known);
  return known;
}

async function lookFor(searchPath: string): Promise<readonly InstalledLanguage[]> {
  const usable = await Promise.all(
    candidates.map(async (candidate) => ((await isUsable(candidate, searchPath)) ? candidate : undefined)),
  );
  const those = usable.filter((candidate) => candidate !== undefined);
  return Promise.all(those.map(async ({ name, kernel }) => ({ name, bundle: await locateKernel(kernel) })));
}

async function isUsable({ command, test }: Candidate, searchPath: string): Promise<boolean> {
  for (const directory of searchPath.split(delimiter)) {
    const path = join(directory, command);
    try {
      await access(path, constants.X_OK);
    } catch {
      // Not in this directory: the next one may have it.
      continue;
    }
    // The first one is what a box would run, whatever the others are.
    return promisify(execFile)(path, [...test], { timeout: testTimeoutMs }).then(
      () => true,
      () => false,
    );
  }
  return false;
}
