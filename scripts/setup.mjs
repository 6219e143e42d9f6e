// Makes a checkout ready to run: packages, build, Python environment, and the kernels that this machine can build.
// Does only what is missing or out of date. --only-python leaves those kernels out.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { isBundled, kernelPackages } from "./parts.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamps = join(root, "node_modules", ".kernelbox");
const quietWhenReady = process.argv.includes("--quiet-when-ready");
let worked = false;

function say(line) {
  worked = true;
  process.stdout.write(`setup: ${line}\n`);
}

function fail(line) {
  process.stderr.write(`setup: ${line}\n`);
  process.exit(1);
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", cwd: root });
  if (error !== undefined) fail(`${command} could not be started: ${error.message}`);
  if (status !== 0) fail(`"${command} ${args.join(" ")}" ended with ${status}`);
}

/** Does a step unless the stamp of its inputs is there; the stamp is written when it has succeeded. */
async function step(name, input, { line, isThere, work }) {
  const stamp = join(stamps, name);
  const last = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (last === input && isThere()) return;
  say(line);
  await work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, input);
}

function contentHash(paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(relative(root, path)).update(readFileSync(path));
  return hash.digest("hex");
}

/** Every source that the build reads, by content: a checkout changes times without changing files. */
function sourcesBelow(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(directory, entry.name);
      if (["node_modules", "dist", "__pycache__", ".kernelbox"].includes(entry.name)) return [];
      if (entry.isDirectory()) return sourcesBelow(path);
      return /\.(ts|mjs|json|py|sh|c|h|cpp|php|R|java|go|mod|sum|rs|f90|xml|toml|lock|txt)$|^Dockerfile$/.test(
        entry.name,
      ) && statSync(path).isFile()
        ? [path]
        : [];
    })
    .toSorted();
}

function checkVersions(manifest) {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node ${process.versions.node} is too old; this project needs ${manifest.engines.node} (https://nodejs.org)`);
  }
  const names = ["python3", "python3.13", "python3.12", "python3.11"];
  const test = "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))";
  if (!names.some((name) => spawnSync(name, ["-c", test], { stdio: "ignore" }).status === 0)) {
    fail(`no Python 3.11 to 3.13 with venv was found; on Debian and Ubuntu: "apt install python3 python3-venv"`);
  }
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
await step("versions", `${process.version} ${process.env.PATH}`, {
  line: "checking Node and Python",
  isThere: () => true,
  work: () => checkVersions(manifest),
});

const manifests = ["packages", "."].flatMap((directory) =>
  directory === "."
    ? [
        "package.json",
        "pnpm-lock.yaml",
        "pnpm-workspace.yaml",
        "examples/package.json",
        "test/package.json",
        "bench/package.json",
      ]
    : readdirSync(join(root, directory)).map((name) => join(directory, name, "package.json")),
);
await step("packages", contentHash(manifests.map((path) => join(root, path)).filter((path) => existsSync(path))), {
  line: `installing packages with ${manifest.packageManager}`,
  isThere: () => existsSync(join(root, "node_modules", ".modules.yaml")),
  work: () => run("npx", ["--yes", manifest.packageManager, "install", "--frozen-lockfile"]),
});

const sources = contentHash(
  ["packages", "examples", "test", "bench", "images"].flatMap((name) => sourcesBelow(join(root, name))),
);
await step("build", sources, {
  line: "building",
  isThere: () =>
    existsSync(join(root, "packages/boxd/dist/bundle/boxd.mjs")) &&
    kernelPackages.every(isBundled) &&
    existsSync(join(root, "packages/kernelbox/dist/cli.js")),
  work: () => run(process.execPath, ["scripts/build.mjs"]),
});

const local = pathToFileURL(join(root, "packages/runtime-local/dist/index.js")).href;
const { makeLocalKernels, makeProcessSupervisor, makePythonEnvironment } = await import(local);
try {
  await makePythonEnvironment({ onProgress: say });
  await makeProcessSupervisor({ onProgress: say });
  if (!process.argv.includes("--only-python")) await makeLocalKernels({ onProgress: say });
} catch (error) {
  fail(error.message);
}
if (!quietWhenReady || worked) process.stdout.write("setup: ready\n");
