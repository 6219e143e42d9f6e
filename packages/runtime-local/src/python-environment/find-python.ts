import { KernelboxError } from "@kernelbox/core";
import { runStep } from "../run-step.ts";

/** An interpreter that an environment can be made of. */
export type BasePython = { readonly executable: string; readonly version: string };

/** Where pinned packages have ready-made wheels. */
const oldest = 11;
const newest = 13;
const question = `
import json, sys
try:
    import ensurepip, venv
    has_venv = True
except ImportError:
    has_venv = False
print(json.dumps([sys.executable, list(sys.version_info[:2]), has_venv]))
`;

/** The first fitting interpreter; without a wish, `python3` and then `python3.13` down to `python3.11`. */
export async function findPython(wish?: string): Promise<BasePython> {
  const candidates = wish === undefined ? ["python3", "python3.13", "python3.12", "python3.11"] : [wish];
  const complaints: string[] = [];
  for (const candidate of candidates) {
    const found = await inspect(candidate);
    if (typeof found !== "string") return found;
    complaints.push(`${candidate}: ${found}`);
  }
  throw new KernelboxError(
    "image-not-found",
    `no Python 3.${oldest} to 3.${newest} with venv was found (${complaints.join("; ")}); install one, on Debian and Ubuntu with "apt install python3 python3-venv"`,
  );
}

async function inspect(candidate: string): Promise<BasePython | string> {
  let answer: string;
  try {
    answer = await runStep([candidate, "-c", question]);
  } catch (error) {
    return error instanceof Error && JSON.stringify(error.cause ?? "").includes("ENOENT")
      ? "not installed"
      : "does not run";
  }
  const [executable, [major, minor], hasVenv] = JSON.parse(answer) as [string, [number, number], boolean];
  const version = `${major}.${minor}`;
  if (major !== 3 || minor < oldest || minor > newest) return `is Python ${version}`;
  return hasVenv ? { executable, version } : `is Python ${version} without venv`;
}
