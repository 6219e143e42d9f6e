import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Pins of the environment; a change of them makes another. */
export const requirementsFile = fileURLToPath(new URL("requirements.txt", import.meta.url));

/** The virtual environment of the stock Jupyter clients: beside Kernelbox's own, named after its requirements. */
export function jupyterEnvironmentDirectory(): string {
  const hash = createHash("sha256").update(readFileSync(requirementsFile)).digest("hex").slice(0, 12);
  const data = process.env["XDG_DATA_HOME"] || join(homedir(), ".local", "share");
  return join(process.env["KERNELBOX_HOME"] || join(data, "kernelbox"), `jupyter-${hash}`);
}

/** What was found, or why nothing was. */
type Finding<Name extends string> =
  | (Readonly<Record<Name, string>> & { readonly reason?: never })
  | (Readonly<Partial<Record<Name, never>>> & { readonly reason: string });

/** Its Python. */
export function findJupyterPython(): Finding<"python"> {
  const directory = jupyterEnvironmentDirectory();
  if (existsSync(join(directory, "ready"))) return { python: join(directory, "bin", "python") };
  return { reason: "no environment with JupyterLab; test/jupyter/make-environment.ts makes it, and so does npm test" };
}

/** A Chromium for JupyterLab's page. `KERNELBOX_TEST_CHROMIUM` names another than the usual ones. */
export function findChromium(): Finding<"chromium"> {
  const asked = process.env["KERNELBOX_TEST_CHROMIUM"];
  const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const chromium = (asked === undefined ? usual : [asked]).find((path) => existsSync(path));
  if (chromium !== undefined) return { chromium };
  return { reason: `no Chromium (${asked ?? usual.join(", ")}); on Debian: apt install chromium` };
}
