import { createHash } from "node:crypto";
import { access, readFile, readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { KernelboxError } from "@kernelbox/core";
import { kernelboxHome } from "../kernelbox-home.ts";
import { packageDirectory } from "../package-directory.ts";

/** A Python environment with a kernel in it. */
export type PythonEnvironment = {
  readonly prefix: string;
  /** Where the interpreter itself and its standard library live. */
  readonly basePrefix: string;
  /** The directory with its kernelspecs. */
  readonly kernelspecs: string;
};

/** The environment that `npx kernelbox setup local` makes, or `image-not-found`. */
export async function locateManagedPython(): Promise<PythonEnvironment> {
  const prefix = await managedPythonDirectory();
  try {
    await access(join(prefix, "ready"));
  } catch (error) {
    throw new KernelboxError(
      "image-not-found",
      `there is no Python environment for local boxes yet (${prefix}); run "npx kernelbox setup local" once, or pass local({ python })`,
      { cause: error },
    );
  }
  return await pythonEnvironment(prefix);
}

/** An environment by its directory or its `python` executable. */
export async function locatePython(python: string): Promise<PythonEnvironment> {
  const path = resolve(python);
  const isExecutable = /^python[\d.]*$/.test(path.slice(path.lastIndexOf("/") + 1)) && dirname(path).endsWith("/bin");
  const prefix = isExecutable ? dirname(dirname(path)) : path;
  const environment = await pythonEnvironment(prefix);
  try {
    if ((await readdir(environment.kernelspecs)).length > 0) return environment;
  } catch (error) {
    throw noKernelspec(prefix, error);
  }
  throw noKernelspec(prefix, undefined);
}

/** Where the managed environment is or will be: one directory for each version of its requirements and launcher. */
export async function managedPythonDirectory(environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const sources = packageDirectory("@kernelbox/kernel-python");
  const requirements = await readFile(join(sources, "requirements.txt"), "utf8");
  const version = launcherVersion(await readFile(join(sources, "pyproject.toml"), "utf8"));
  const hash = createHash("sha256").update(requirements).update(version).digest("hex").slice(0, 12);
  return join(kernelboxHome(environment), `python-${hash}`);
}

function launcherVersion(pyproject: string): string {
  return /^version\s*=\s*"([^"]+)"/m.exec(pyproject)?.[1] ?? "0";
}

async function pythonEnvironment(prefix: string): Promise<PythonEnvironment> {
  return {
    prefix,
    basePrefix: await basePrefixOf(prefix),
    kernelspecs: join(prefix, "share", "jupyter", "kernels"),
  };
}

/** https://docs.python.org/3/library/site.html: `home` in pyvenv.cfg is the directory of the interpreter. */
async function basePrefixOf(prefix: string): Promise<string> {
  try {
    const home = /^home\s*=\s*(.+)$/m.exec(await readFile(join(prefix, "pyvenv.cfg"), "utf8"))?.[1];
    return home === undefined ? prefix : dirname(home.trim());
  } catch {
    return prefix; // not a virtual environment: an installation of its own
  }
}

function noKernelspec(prefix: string, cause: unknown): KernelboxError {
  return new KernelboxError(
    "image-not-found",
    `the Python environment ${prefix} has no kernelspec under share/jupyter/kernels; install ipykernel there ("python -m ipykernel install --sys-prefix")`,
    { cause },
  );
}
