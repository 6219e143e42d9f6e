// Builds the images of this checkout that the tests need, or those that are named:
//   node scripts/build-images.mjs [NAME …] [options of "kernelbox setup docker"]
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isBundled, kernelPackages, testedImageNames } from "./parts.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

function run(args) {
  const { status, error } = spawnSync(process.execPath, args, { stdio: "inherit", cwd: root });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(new URL("../packages/boxd/dist/bundle/boxd.mjs", import.meta.url))) run(["packages/boxd/bundle.mjs"]);
for (const name of kernelPackages) if (!isBundled(name)) run([`packages/${name}/bundle.mjs`]);
// The host's network, because an engine in a container of a CI machine often has no other that works.
const command = ["packages/kernelbox/src/cli.ts", "setup", "docker", "--network", "host"];
const [first = "--"] = process.argv.slice(2);
const names = first.startsWith("-") ? testedImageNames : [];
run(["--conditions=@kernelbox/source", "--import", "tsx", ...command, ...names, ...process.argv.slice(2)]);
