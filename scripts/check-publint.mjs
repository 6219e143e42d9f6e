// publint over every package that is published. Needs a build.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const packages = fileURLToPath(new URL("../packages", import.meta.url));
let count = 0;
for (const name of readdirSync(packages)) {
  const pkgDir = join(packages, name);
  const manifest = JSON.parse(readFileSync(join(pkgDir, "package.json"), "utf8"));
  if (manifest.private === true) continue;
  const { messages } = await publint({ pkgDir, pack: "npm", strict: true });
  for (const message of messages) {
    process.stdout.write(`${manifest.name}: ${message.type}: ${formatMessage(message, manifest)}\n`);
    if (message.type !== "suggestion") count += 1;
  }
}
if (count > 0) process.exitCode = 1;
