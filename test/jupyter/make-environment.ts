// Makes the environment of the tests' stock Jupyter clients where it is missing; `npm test` runs it first. The exit code
// says whether it is there.
import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jupyterEnvironmentDirectory, requirementsFile } from "./jupyter-environment.ts";

const stepTimeoutMs = 600_000;
const pythons = ["python3", "python3.13", "python3.12", "python3.11"];
const isFit = "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))";

function make(directory: string): string | undefined {
  const base = pythons.find((name) => spawnSync(name, ["-c", isFit], { stdio: "ignore" }).status === 0);
  if (base === undefined) return "no Python 3.11 to 3.13 with venv was found";
  rmSync(directory, { recursive: true, force: true });
  const own = join(directory, "bin", "python");
  const failed =
    run(base, ["-m", "venv", directory]) ??
    run(own, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirementsFile]);
  if (failed === undefined) writeFileSync(join(directory, "ready"), "");
  return failed;
}

function run(command: string, args: readonly string[]): string | undefined {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", timeout: stepTimeoutMs });
  if (status === 0) return undefined;
  return `"${command} ${args.slice(0, 3).join(" ")} …" ${error === undefined ? `ended with ${String(status)}` : error.message}`;
}

const directory = jupyterEnvironmentDirectory();
if (!existsSync(join(directory, "ready"))) {
  process.stdout.write(`making the environment of the tests' Jupyter clients in ${directory} …\n`);
  const reason = make(directory);
  if (reason !== undefined) {
    process.stderr.write(`that failed: ${reason}\n`);
    process.exitCode = 1;
  }
}
