// Builds every package: the TypeScript, the bundles of boxd and of the kernels, the Dockerfiles that travel with the docker runtime.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledKernelPackages, imageNames, kernelPackages } from "./parts.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

function run(args) {
  const { status, error } = spawnSync(process.execPath, args, { stdio: "inherit", cwd: root });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

// The packages alone: what examples and tests get wrong is no reason that nobody can start.
run([
  join("node_modules", "typescript", "bin", "tsc"),
  "-b",
  "packages/kernelbox",
  "packages/boxd",
  ...compiledKernelPackages.map((name) => `packages/${name}`),
  "packages/testing",
]);
run([join("packages", "boxd", "bundle.mjs")]);
for (const name of kernelPackages) run([join("packages", name, "bundle.mjs")]);
const images = join(root, "packages", "runtime-docker", "dist", "images");
rmSync(images, { recursive: true, force: true });
for (const name of imageNames) {
  cpSync(join(root, "images", name, "Dockerfile"), join(images, name, "Dockerfile"));
}
chmodSync(join(root, "packages", "kernelbox", "dist", "cli.js"), 0o755);
