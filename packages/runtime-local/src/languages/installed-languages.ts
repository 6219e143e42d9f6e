import { execFile } from "node:child_process";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { access, constants, readFile, realpath } from "node:fs/promises";
import { locateKernel } from "../bundles.ts";
import type { LocalKernel, LocalLanguages } from "./local-languages.ts";

type Candidate = {
  readonly name: string;
  /** The package with its kernel. */
  readonly kernel: string;
  readonly command: string;
  /** Arguments with which the command ends with 0 where it is new enough and has what the runner needs, or a look at its path. */
  readonly test: readonly string[] | ((path: string) => Promise<boolean>);
  /** What a machine must have for it, in words. */
  readonly needs: string;
  /** A file that the kernel's bundle has only where it could be made. */
  readonly made?: string;
};

const candidates: readonly Candidate[] = [
  {
    name: "bash",
    kernel: "runner-bash",
    command: "bash",
    test: ["-c", "((BASH_VERSINFO[0] >= 5))"],
    needs: "Bash 5.0 or later",
  },
  {
    name: "php",
    kernel: "runner-php",
    command: "php",
    test: [
      "-r",
      'exit(PHP_VERSION_ID >= 80200 && extension_loaded("pcntl") && extension_loaded("posix") && extension_loaded("tokenizer") ? 0 : 1);',
    ],
    needs: "PHP 8.2 or later with pcntl, posix and tokenizer",
  },
  {
    name: "java",
    kernel: "kernel-java",
    command: "java",
    test: isFitJdk,
    needs: "a JDK 17 or later with JShell",
    made: "runner.jar",
  },
  {
    name: "r",
    kernel: "kernel-r",
    command: "Rscript",
    test: ["-e", 'q(status = if (getRversion() >= "4.3.0") 0 else 1)'],
    needs: "R 4.3 or later",
  },
];

const testTimeoutMs = 10_000;
const found = new Map<string, Promise<LocalLanguages>>();
const insideOf = (name: string): string => `/opt/kernelbox/runner-${name}`;

/** The languages that can be used from this search path. Looked for once. Their kernels need Linux. */
export function installedLanguages(searchPath: string): Promise<LocalLanguages> {
  if (process.platform !== "linux") return Promise.resolve({ usable: [], missing: {} });
  const known = found.get(searchPath) ?? lookFor(searchPath);
  found.set(searchPath, known);
  return known;
}

async function lookFor(searchPath: string): Promise<LocalLanguages> {
  const looks = await Promise.all(
    candidates.map(async (candidate) => ({ candidate, kernel: await kernelOf(candidate, searchPath) })),
  );
  return {
    usable: looks.flatMap(({ kernel }) => (kernel === undefined ? [] : [kernel])),
    missing: Object.fromEntries(
      looks.flatMap(({ candidate, kernel }) =>
        kernel === undefined ? [[candidate.name, candidate.needs] as const] : [],
      ),
    ),
  };
}

async function kernelOf(candidate: Candidate, searchPath: string): Promise<LocalKernel | undefined> {
  if (!(await isUsable(candidate, searchPath))) return undefined;
  const bundle = await locateKernel(candidate.kernel);
  if (candidate.made !== undefined && !(await isThere(join(bundle, candidate.made)))) return undefined;
  return { languages: [candidate.name], bundle, inside: insideOf(candidate.name) };
}

async function isUsable({ command, test }: Candidate, searchPath: string): Promise<boolean> {
  for (const directory of searchPath.split(delimiter)) {
    const path = join(directory, command);
    // Not in this directory: the next one may have it.
    if (!(await isThere(path, constants.X_OK))) continue;
    // The first one is what a box would run, whatever the others are.
    if (typeof test === "function") return test(path);
    return promisify(execFile)(path, [...test], { timeout: testTimeoutMs }).then(
      () => true,
      () => false,
    );
  }
  return false;
}

/** A JDK from 17 on with JShell, by the file that says what it is: asking it would take as long as all else of a start. */
async function isFitJdk(path: string): Promise<boolean> {
  try {
    const release = await readFile(join(dirname(dirname(await realpath(path))), "release"), "utf8");
    const major = Number(/^JAVA_VERSION="(\d+)/m.exec(release)?.[1] ?? 0);
    return major >= 17 && /^MODULES=.*\bjdk\.jshell\b/m.test(release);
  } catch {
    // Not laid out as a JDK: it will not be asked.
    return false;
  }
}

async function isThere(path: string, mode: number = constants.F_OK): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    // Then it is not, or not for us.
    return false;
  }
}
