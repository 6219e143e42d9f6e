// Builds the images: node scripts/build-images.mjs [base] [python]
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const version = "0.1";
const known = ["base", "python"];
const bundle = join(root, "packages/boxd/dist/bundle");
const certificates = "/usr/local/share/ca-certificates";

/** The Docker context: everything a Dockerfile copies, and nothing else, so that unrelated changes keep its cache. */
function assembleContext(directory) {
  const kernel = join(root, "packages/kernel-python");
  // The bundle has zeromq for every platform that boxd runs on; images are Debian.
  cpSync(bundle, join(directory, "boxd"), {
    recursive: true,
    filter: (source) => !/(-darwin-|-musl\.node$)/.test(source),
  });
  for (const file of ["pyproject.toml", "requirements.txt", "kernelbox_kernel"]) {
    cpSync(join(kernel, file), join(directory, "kernel-python", file), {
      recursive: true,
      filter: (source) => !source.includes("__pycache__"),
    });
  }
  for (const name of known) cpSync(join(root, "images", name, "Dockerfile"), join(directory, name, "Dockerfile"));
}

/** Certificates that this machine trusts beyond the usual ones, as base64 of PEM; empty where there are none. */
function extraCertificates() {
  if (!existsSync(certificates)) return "";
  const files = readdirSync(certificates).filter((name) => name.endsWith(".crt"));
  return Buffer.concat(files.map((name) => readFileSync(join(certificates, name)))).toString("base64");
}

function run(command, args) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit", cwd: root });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}`);
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;
for (const name of wanted) {
  if (!known.includes(name)) throw new Error(`no image "${name}"; there are: ${known.join(", ")}`);
}
if (!existsSync(join(bundle, "boxd.mjs"))) run(process.execPath, ["packages/boxd/bundle.mjs"]);

const context = mkdtempSync(join(tmpdir(), "kernelbox-images-"));
try {
  assembleContext(context);
  for (const name of wanted) {
    const args = ["build", "--network", "host", "--tag", `kernelbox/${name}:${version}`];
    const extra = name === "python" ? extraCertificates() : "";
    if (extra !== "") args.push("--build-arg", `KERNELBOX_EXTRA_CA_BASE64=${extra}`);
    run("docker", [...args, "--file", join(context, name, "Dockerfile"), context]);
  }
} finally {
  rmSync(context, { recursive: true, force: true });
}
