// Makes the peers' environments and what Kernelbox itself needs, then runs bench/main.ts. Arguments are passed on.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A virtual environment for the peers, apart from Kernelbox's own: they are measured as their users install them. */
function makeBenchPython() {
  const requirements = join(root, "bench", "requirements.txt");
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const data = process.env.XDG_DATA_HOME || join(homedir(), ".local", "share");
  const directory = join(process.env.KERNELBOX_HOME || join(data, "kernelbox"), `bench-${hash}`);
  const python = join(directory, "bin", "python");
  if (existsSync(join(directory, "ready"))) return python;
  console.error(`making the peers' Python environment in ${directory} …`);
  rmSync(directory, { recursive: true, force: true });
  run("python3", ["-m", "venv", directory]);
  run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  writeFileSync(join(directory, "ready"), "");
  return python;
}

/** The peers for JavaScript, from npm; without them their rows show ours alone. */
function makeBenchJavaScript() {
  const packages = ["tslab@1.0.22", "@types/node@20.19.43", "deno@2.9.6"];
  const hash = createHash("sha256").update(packages.join(" ")).digest("hex").slice(0, 12);
  const data = process.env.XDG_DATA_HOME || join(homedir(), ".local", "share");
  const directory = join(process.env.KERNELBOX_HOME || join(data, "kernelbox"), `bench-javascript-${hash}`);
  if (existsSync(join(directory, "ready"))) return directory;
  console.error(`installing the peers for JavaScript in ${directory} …`);
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), '{ "private": true }');
  const { status } = spawnSync("npm", ["install", "--no-audit", "--no-fund", ...packages], {
    cwd: directory,
    stdio: "inherit",
  });
  if (status !== 0) {
    console.error("they cannot be installed; their rows show Kernelbox alone");
    return undefined;
  }
  writeFileSync(join(directory, "ready"), "");
  return directory;
}

function run(command, args, env = process.env) {
  const { status, error, signal } = spawnSync(command, args, { cwd: root, stdio: "inherit", env });
  if (error) throw error;
  if (status !== 0) {
    console.error(`${command} ${args.slice(0, 3).join(" ")} … ended with ${signal ?? `exit code ${status}`}`);
    process.exit(status ?? 1);
  }
}

const python = makeBenchPython();
const javascript = makeBenchJavaScript();
run(process.execPath, ["scripts/setup.mjs", "--quiet-when-ready"]);
run(
  process.execPath,
  ["--conditions=@kernelbox/source", "--import", "tsx", "bench/main.ts", ...process.argv.slice(2)],
  {
    ...process.env,
    KERNELBOX_BENCH_PYTHON: python,
    ...(javascript === undefined ? {} : { KERNELBOX_BENCH_JAVASCRIPT: javascript }),
  },
);
