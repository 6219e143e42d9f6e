import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readTextIfThere } from "../box-record.ts";
import { packageDirectory } from "../package-directory.ts";
import { withDirectoryLock } from "../directory-lock.ts";
import { locateManagedPython, managedPythonDirectory, type PythonEnvironment } from "./locate-managed-python.ts";
import { findPython } from "./find-python.ts";
import { withPipTrust } from "./pip-trust.ts";
import { runStep } from "../run-step.ts";

/** Options of {@link makePythonEnvironment}. */
export type MakePythonEnvironmentOptions = {
  /** Gets one line before each step. */
  readonly onProgress?: (line: string) => void;
  /** The interpreter to make the environment of. @default the newest fitting `python3` on the PATH */
  readonly python?: string;
  /** Certificates (PEM) to trust, beside the usual ones, while packages are downloaded. @default pip's own rules */
  readonly certificates?: string;
  readonly signal?: AbortSignal;
};

/**
 * Makes the Python environment that local boxes use, unless it is there already. Safe to call from two processes: the
 * second waits for the first. The file `ready` is written last.
 */
export async function makePythonEnvironment(options: MakePythonEnvironmentOptions = {}): Promise<PythonEnvironment> {
  const prefix = await managedPythonDirectory();
  const sources = packageDirectory("@kernelbox/kernel-python");
  const fingerprint = await launcherFingerprint(sources);
  if (await isReady(prefix, fingerprint)) return await locateManagedPython();
  await mkdir(dirname(prefix), { recursive: true });
  await withDirectoryLock(`${prefix}.lock`, options, async () => {
    if (await isReady(prefix, fingerprint)) return;
    try {
      await withPipTrust(options.certificates, (trust) => make({ ...options, prefix, sources, trust }));
      await writeFile(join(prefix, "ready"), fingerprint);
    } catch (error) {
      // What is half made is not kept; an environment that only missed a newer launcher is.
      if ((await readTextIfThere(join(prefix, "ready"))) === undefined)
        await rm(prefix, { recursive: true, force: true });
      throw error;
    }
  });
  return await locateManagedPython();
}

async function make(
  options: MakePythonEnvironmentOptions & {
    readonly prefix: string;
    readonly sources: string;
    readonly trust: readonly string[];
  },
): Promise<void> {
  const { prefix, sources, trust, signal, onProgress = () => undefined } = options;
  const python = join(prefix, "bin", "python");
  const pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", ...trust];
  // Of pip's many lines, those about what takes time.
  const onLine = (line: string): void => {
    if (line.trim().startsWith("Downloading ")) onProgress(`  ${line.trim()}`);
    if (line.startsWith("Installing collected packages")) onProgress("  Unpacking them");
  };
  const step = (command: readonly string[]): Promise<string> =>
    runStep(command, { onLine, ...(signal === undefined ? {} : { signal }) });

  if ((await readTextIfThere(join(prefix, "ready"))) === undefined) {
    const base = await findPython(options.python);
    onProgress(`Making a Python ${base.version} environment in ${prefix}`);
    await rm(prefix, { recursive: true, force: true });
    await step([base.executable, "-m", "venv", prefix]);
    onProgress("Installing the pinned packages (about a minute, 700 MB)");
    await step([...pip, "--only-binary", ":all:", "--requirement", join(sources, "requirements.txt")]);
  }
  onProgress("Installing the kernel launcher");
  await installLauncher(sources, (directory) => step([...pip, "--no-deps", "--force-reinstall", directory]));
  await step([python, "-m", "kernelbox_kernel.install", "--prefix", prefix]);
}

/** From a copy: pip builds in the source directory, which may be read-only. */
async function installLauncher(sources: string, install: (directory: string) => Promise<unknown>): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), "kernelbox-launcher-"));
  try {
    await cp(join(sources, "pyproject.toml"), join(copy, "pyproject.toml"));
    await cp(join(sources, "kernelbox_kernel"), join(copy, "kernelbox_kernel"), { recursive: true });
    await install(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function isReady(prefix: string, fingerprint: string): Promise<boolean> {
  return (await readTextIfThere(join(prefix, "ready"))) === fingerprint;
}

/** A checkout's launcher changes under the same version: then it alone is installed again. */
async function launcherFingerprint(sources: string): Promise<string> {
  const hash = createHash("sha256").update(await readFile(join(sources, "pyproject.toml")));
  const files = await readdir(join(sources, "kernelbox_kernel"), { recursive: true });
  for (const file of files.filter((name) => name.endsWith(".py")).toSorted()) {
    hash.update(file).update(await readFile(join(sources, "kernelbox_kernel", file)));
  }
  return hash.digest("hex");
}
