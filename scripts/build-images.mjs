// Builds the images of this checkout, or those that are named:
//   node scripts/build-images.mjs [base] [python] [bash] [php] [options of "kernelbox setup docker"]
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

function run(args) {
  const { status, error } = spawnSync(process.execPath, args, { stdio: "inherit", cwd: root });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

for (const [name, file] of [
  ["boxd", "boxd.mjs"],
  ["kernel-javascript", "kernel.cjs"],
  ["runner-bash", "kernel.cjs"],
  ["runner-php", "kernel.cjs"],
]) {
  const directory = `packages/${name}`;
  if (!existsSync(new URL(`../${directory}/dist/bundle/${file}`, import.meta.url))) run([`${directory}/bundle.mjs`]);
}
// The host's network, because an engine in a container of a CI machine often has no other that works.
const command = ["packages/kernelbox/src/cli.ts", "setup", "docker", "--network", "host"];
const [first = "--"] = process.argv.slice(2);
const names = first.startsWith("-") ? ["base", "python", "bash", "php"] : [];
run(["--conditions=@kernelbox/source", "--import", "tsx", ...command, ...names, ...process.argv.slice(2)]);
