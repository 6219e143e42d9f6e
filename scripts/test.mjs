// Runs every test that this machine can run, and ends with one line: "N passed, N failed".
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { kernelPackages, testedImageNames } from "./parts.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const images = testedImageNames.map((name) => `kernelbox/${name}:0.1`);
const pytest = join(root, "node_modules", ".kernelbox", "pytest");
const total = { passed: 0, failed: 0, skipped: 0 };
const notRun = [];

function run(command, args, options = {}) {
  return spawnSync(command, args, { stdio: "inherit", cwd: root, ...options });
}

function quietly(command, args) {
  return spawnSync(command, args, { stdio: "ignore", cwd: root, timeout: 20_000 }).status === 0;
}

/** Which runtimes the tests run on: docker where an engine answers and has, or can build, the images. */
function usableRuntimes() {
  const asked = process.env.KERNELBOX_TEST_RUNTIMES;
  if (asked !== undefined) return asked;
  const hasBubblewrap = quietly("bwrap", ["--ro-bind", "/", "/", "--unshare-all", "true"]);
  if (!hasBubblewrap) notRun.push("the local runtime with bubblewrap (bwrap is missing or not permitted)");
  return [hasBubblewrap ? "local" : "local-unboxed", ...(dockerIsReady() ? ["docker"] : [])].join(",");
}

function dockerIsReady() {
  if (!quietly("docker", ["info"])) {
    notRun.push("the docker runtime (no engine answers)");
    return false;
  }
  // The engine's cache makes this short where the images are up to date.
  if (run(process.execPath, ["scripts/build-images.mjs"]).status === 0) return true;
  if (images.every((image) => quietly("docker", ["image", "inspect", image]))) return true;
  notRun.push("the docker runtime (its images could not be built)");
  total.failed += 1;
  return false;
}

/** JupyterLab and its browser, for the tests in test/jupyter. Without them those are skipped. */
function prepareJupyter() {
  const make = ["--import", "tsx", "test/jupyter/make-environment.ts"];
  if (run(process.execPath, make).status !== 0)
    notRun.push("stock Jupyter clients (their environment could not be made)");
  const chromiums = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const asked = process.env.KERNELBOX_TEST_CHROMIUM;
  if (!(asked === undefined ? chromiums : [asked]).some((path) => existsSync(path))) {
    notRun.push("JupyterLab in a browser (no Chromium; on Debian: apt install chromium)");
  }
}

function runVitest(filters, python) {
  const output = mkdtempSync(join(tmpdir(), "kernelbox-tests-"));
  const report = join(output, "report.json");
  try {
    const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...filters];
    const { status } = run(process.execPath, ["node_modules/vitest/vitest.mjs", ...args], {
      env: { ...process.env, KERNELBOX_TEST_RUNTIMES: usableRuntimes(), KERNELBOX_TEST_PYTHON: python },
    });
    const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : undefined;
    total.passed += counts?.numPassedTests ?? 0;
    total.failed += counts?.numFailedTests ?? 0;
    total.skipped += (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0);
    // A file that does not load, or an error outside of a test, fails without a failed test.
    if (status !== 0 && (counts?.numFailedTests ?? 0) === 0) total.failed += 1;
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

async function managedPython() {
  const { locateManagedPython } = await import(pathToFileURL(join(root, "packages/runtime-local/dist/index.js")).href);
  return join((await locateManagedPython()).prefix, "bin", "python");
}

function installPytest(python) {
  // Beside the environment and not in it: users' boxes have no pytest either.
  if (existsSync(join(pytest, "pytest")) && existsSync(join(pytest, "jupyter_kernel_test"))) return;
  const packages = ["pytest==9.0.1", "jupyter_kernel_test==0.7.0"];
  run(python, ["-m", "pip", "install", "--quiet", "--upgrade", "--target", pytest, ...packages]);
}

function runPython(python, directory) {
  const { status, stdout } = run(python, ["-m", "pytest", "-q", "-p", "no:cacheprovider"], {
    cwd: join(root, directory),
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PYTHONPATH: pytest },
    encoding: "utf8",
  });
  process.stdout.write(stdout);
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(stdout.trim().split("\n").at(-1) ?? "")?.[1] ?? 0);
  total.passed += count("passed");
  total.failed += count("failed") + count("error");
  total.skipped += count("skipped");
  if (status !== 0 && count("failed") + count("error") === 0) total.failed += 1;
}

const filters = process.argv.slice(2);
if (run(process.execPath, ["scripts/setup.mjs", "--quiet-when-ready"]).status !== 0) process.exit(1);
const python = await managedPython();
if (filters.length === 0 || filters.some((filter) => filter.includes("jupyter"))) prepareJupyter();
runVitest(filters, python);
if (filters.length === 0) {
  installPytest(python);
  runPython(python, "packages/kernel-python");
  // The suite for kernels of any language, which knows nothing of us.
  for (const name of kernelPackages) {
    if (existsSync(join(root, "packages", name, "tests", "test_kernel.py"))) runPython(python, `packages/${name}`);
  }
}
for (const what of notRun) process.stdout.write(`not run: ${what}\n`);
const skipped = total.skipped === 0 ? "" : `, ${total.skipped} skipped`;
process.stdout.write(`${total.passed} passed, ${total.failed} failed${skipped}\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
