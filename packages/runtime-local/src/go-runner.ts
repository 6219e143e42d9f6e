import { execFile } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { access, cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { locateKernel } from "./bundles.ts";
import { kernelboxHome } from "./kernelbox-home.ts";
import { runStep } from "./python-environment/run-step.ts";

/** Options of {@link makeGoRunner}. */
export type MakeGoRunnerOptions = {
  /** Gets one line before each step. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
};

const oldestGo = [1, 24] as const;
const versionTimeoutMs = 10_000;

/**
 * Builds the program that runs Go cells, unless it is there already or this is not Linux. It needs Go, and Go's module
 * proxy; boxes need neither. Without it, the local runtime does not have the language `go`.
 *
 * @returns the directory of the kernel, or `undefined` where it could not be made
 */
export async function makeGoRunner(options: MakeGoRunnerOptions = {}): Promise<string | undefined> {
  const { onProgress = () => undefined, signal } = options;
  if (process.platform !== "linux") return undefined;
  const { bundle, directory } = await goPlaces();
  if (await isThere(directory)) return directory;
  if (!(await hasGo())) {
    onProgress(
      `Go ${oldestGo.join(".")} or later was not found: the local runtime will not have the language "go" (optional)`,
    );
    return undefined;
  }
  onProgress("Building the program that runs Go cells");
  const unfinished = `${directory}.${randomUUID()}`;
  try {
    await cp(bundle, unfinished, { recursive: true });
    await mkdir(join(unfinished, "bin"));
    const script = join(unfinished, "runner", "build.sh");
    // The toolchain that is here, rather than one that it would download.
    await runStep(["env", "GOTOOLCHAIN=local", "sh", script, join(unfinished, "bin", "kernelbox-go")], {
      ...(signal && { signal }),
    });
    await rename(unfinished, directory);
    return directory;
  } catch (error) {
    signal?.throwIfAborted();
    // Somebody else may have been quicker.
    if (await isThere(directory)) return directory;
    const reason = error instanceof Error ? error.message : String(error);
    onProgress(`The local runtime will not have the language "go" (optional): ${reason}`);
    return undefined;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The directory of the Go kernel, where it was made. */
export async function locateGoRunner(): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const { directory } = await goPlaces();
  return (await isThere(directory)) ? directory : undefined;
}

/** Its directory is named after all that it is made of. */
async function goPlaces(): Promise<{ readonly bundle: string; readonly directory: string }> {
  const bundle = await locateKernel("runner-go");
  const hash = createHash("sha256").update(process.arch);
  const entries = await readdir(bundle, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(".node"));
  for (const path of files.map((file) => join(file.parentPath, file.name)).toSorted()) {
    hash.update(path.slice(bundle.length)).update(await readFile(path));
  }
  return { bundle, directory: join(kernelboxHome(process.env), `runner-go-${hash.digest("hex").slice(0, 12)}`) };
}

async function hasGo(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)("go", ["env", "GOVERSION"], {
      timeout: versionTimeoutMs,
      env: { ...process.env, GOTOOLCHAIN: "local" },
    });
    const [major = 0, minor = 0] = stdout.replace(/^go/, "").split(".").map(Number.parseFloat);
    return major > oldestGo[0] || (major === oldestGo[0] && minor >= oldestGo[1]);
  } catch {
    // There is none, which is the answer.
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // Not made yet, which is the answer.
    return false;
  }
}
