// Does what somebody does who reads the README: packs every package from a copy of this checkout, deletes the copy, and
// as another user in an empty project installs them, makes the set-up and runs the README's examples, with types.
//
//   node scripts/check-packages.mjs             the local runtime
//   node scripts/check-packages.mjs --docker    the docker runtime too; its images are built, under a name of their own
//
// As root the other user is a new user of the machine; otherwise a new home directory.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeOtherUser } from "./package-check/other-user.mjs";
import { entries, strictest, typeScriptProjects, typed } from "./package-check/programs.mjs";
import { fromReadme } from "./package-check/readme.mjs";
import { startRegistry } from "./package-check/registry.mjs";
import { complaintsAbout, readTarballs } from "./package-check/tarballs.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const withDocker = process.argv.includes("--docker");
const rootManifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
// Not a name that a public registry could have.
const prefix = `localhost/kernelbox-check-${process.pid}`;
const failures = [];
let count = 0;

function check(what, isFine, detail = "") {
  count += 1;
  if (!isFine) failures.push(what);
  process.stdout.write(
    `${isFine ? "ok  " : "FAIL"} ${what}${isFine || detail === "" ? "" : `\n${indented(detail)}`}\n`,
  );
}

function indented(text) {
  return text
    .trim()
    .split("\n")
    .slice(-40)
    .map((line) => `     ${line}`)
    .join("\n");
}

function mustRun(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: "utf8",
    maxBuffer: 64 * 1_048_576,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

/** All that git knows or would add, uncommitted changes too. */
function copyCheckout(target) {
  const files = mustRun("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], root).split("\0");
  for (const file of files) {
    if (file === "" || !existsSync(join(root, file))) continue;
    mkdirSync(dirname(join(target, file)), { recursive: true });
    cpSync(join(root, file), join(target, file));
  }
}

/** Packs every package in a copy of the checkout and deletes it. Returns where the copy was. */
function packAll(target) {
  const copy = mkdtempSync(join(tmpdir(), "kernelbox-checkout-"));
  try {
    copyCheckout(copy);
    const pnpm = ["--yes", rootManifest.packageManager];
    mustRun("npx", [...pnpm, "install", "--frozen-lockfile", "--prefer-offline"], copy);
    mustRun(process.execPath, ["scripts/build.mjs"], copy);
    mustRun("npx", [...pnpm, "--recursive", "--filter", "./packages/*", "pack", "--pack-destination", target], copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  return copy;
}

function checkTarballs(tarballs, copy) {
  for (const tarball of tarballs) {
    const { manifest, bytes, files } = tarball;
    const complaints = complaintsAbout(tarball);
    const size = `${(bytes / 1024).toFixed(0)} KiB, ${files.length} files`;
    check(`${manifest.name}@${manifest.version}: ${size}`, complaints.length === 0, complaints.join("\n"));
    const { stdout } = spawnSync("grep", ["-rlF", "-e", copy, "-e", root, tarball.unpacked], { encoding: "utf8" });
    check(`${manifest.name} names nothing of where it was built`, stdout === "", stdout);
  }
}

function namesByEntry() {
  const lines = readFileSync(join(root, "packages/kernelbox/exports.txt"), "utf8").trim().split("\n");
  const values = lines.map((line) => line.split(" ")).filter(([, kind]) => kind === "value");
  return Object.fromEntries(
    [...new Set(lines.map((line) => line.split(" ")[0]))].map((entry) => [
      entry,
      values.filter(([owner]) => owner === entry).map(([, , name]) => name),
    ]),
  );
}

/** A command of the other user that has to end with 0 and to print something. */
async function works(user, what, command, prints = "") {
  const { status, stdout, stderr, seconds } = await user.run(command);
  check(`${what} (${seconds.toFixed(1)} s)`, status === 0 && stdout.includes(prints), `${stdout}\n${stderr}`);
  return stdout;
}

/** A command of the other user that has to fail with words that help. */
async function fails(user, what, command, says) {
  const { status, stdout, stderr } = await user.run(command);
  const said = `${stdout}\n${stderr}`;
  check(what, status !== 0 && says.every((words) => said.includes(words)), said);
}

function write(user, name, content) {
  writeFileSync(join(user.project, name), content);
}

async function checkTypes(user, readme) {
  const installed = ["typescript", "@types/node"].map((name) => `${name}@${installedVersion(name)}`);
  await works(user, `npm install --save-dev ${installed.join(" ")}`, ["npm", "install", "--save-dev", ...installed]);
  const files = { ...readme.typed, "all.mts": typed, "all.cts": typed };
  for (const [name, code] of Object.entries(files)) write(user, name, code);
  for (const [name, config] of Object.entries(typeScriptProjects)) {
    const compilerOptions = { ...config.compilerOptions, ...strictest };
    write(user, name, JSON.stringify({ ...config, compilerOptions }));
    await works(user, `types: tsc -p ${name}`, ["npx", "tsc", "-p", name]);
  }
}

function installedVersion(name) {
  return JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8")).version;
}

async function checkBeforeSetUp(user, programs, runtime) {
  const [name, code] = Object.entries(programs)[0];
  write(user, name, code);
  const says = ["image-not-found", `npx kernelbox setup ${runtime}`];
  await fails(user, `${runtime} before its set-up: an error that names the command`, ["node", name], says);
}

async function runPrograms(user, programs) {
  for (const [name, code] of Object.entries(programs)) {
    write(user, name, code);
    await works(user, `the README's example: node ${name}`, ["node", name], "42\n");
  }
}

/** What a proxy needs at build time is neither in the image's history nor in its files. */
function checkNoCertificates(image) {
  const history = mustRun("docker", ["history", "--no-trunc", "--format", "{{.CreatedBy}}", image], root);
  const list = "ls -A /usr/local/share/ca-certificates /tmp | grep -v :$ | grep .; true";
  const found = mustRun("docker", ["run", "--rm", "--network=none", "--entrypoint=sh", image, "-c", list], root);
  check(
    "no certificate of the build is in the image",
    !history.includes("EXTRA_CA") && found.trim() === "",
    `${history}\n${found}`,
  );
}

async function checkAsOtherUser(user, readme) {
  const { local, docker } = readme.programs;
  await works(user, "npm init -y", ["npm", "init", "-y"]);
  const [install, ...setUp] = readme.commands;
  await works(user, install, install.split(" "));
  write(user, "entries.mjs", entries);
  await works(user, "every entry, by import and by require", ["node", "entries.mjs", JSON.stringify(namesByEntry())]);
  await checkTypes(user, readme);
  await checkBeforeSetUp(user, local, "local");
  if (withDocker) await checkBeforeSetUp(user, docker, "docker");
  for (const command of setUp) {
    const lines = await works(user, command, command.split(" "), "The local runtime is ready");
    check("its progress is told", lines.split("\n").length > (withDocker ? 40 : 4), lines);
    if (withDocker) check("the images are built", lines.includes(`The docker runtime is ready: ${prefix}/`), lines);
  }
  await works(user, "npx kernelbox setup local, again", ["npx", "kernelbox", "setup", "local"]);
  await runPrograms(user, local);
  if (!withDocker) return;
  await works(user, "npx kernelbox setup docker, again", ["npx", "kernelbox", "setup", "docker"]);
  checkNoCertificates(`${prefix}/python:0.1`);
  await runPrograms(user, docker);
}

function dockerSocket() {
  const address = process.env.DOCKER_HOST ?? "unix:///var/run/docker.sock";
  const path = address.startsWith("unix://") ? address.slice("unix://".length) : undefined;
  return path !== undefined && existsSync(path) && statSync(path).isSocket() ? path : undefined;
}

const started = Date.now();
const scratch = mkdtempSync(join(tmpdir(), "kernelbox-packages-"));
let user;
let registry;
try {
  process.stdout.write("packing a copy of this checkout, and deleting it\n");
  const copy = packAll(scratch);
  const tarballs = readTarballs(scratch);
  checkTarballs(tarballs, copy);
  registry = await startRegistry(tarballs, mustRun("npm", ["config", "get", "registry"], root).trim());
  const engine = withDocker ? { KERNELBOX_IMAGE_PREFIX: prefix } : { DOCKER_HOST: "unix:///nonexistent/docker.sock" };
  user = makeOtherUser({
    dockerSocket: withDocker ? dockerSocket() : undefined,
    env: { npm_config_registry: registry.url, ...engine },
  });
  process.stdout.write(`as ${user.name} in ${user.project}\n`);
  await checkAsOtherUser(user, fromReadme(join(root, "README.md")));
} finally {
  registry?.close();
  user?.remove();
  if (withDocker) spawnSync("docker", ["rmi", `${prefix}/base:0.1`, `${prefix}/python:0.1`], { stdio: "ignore" });
  rmSync(scratch, { recursive: true, force: true });
}
for (const what of failures) process.stdout.write(`failed: ${what}\n`);
const seconds = ((Date.now() - started) / 1000).toFixed(0);
process.stdout.write(`packages: ${count - failures.length} passed, ${failures.length} failed (${seconds} s)\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
