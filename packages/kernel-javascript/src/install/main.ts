import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { readCommandLine, usage } from "./command-line.ts";
import { installKernels } from "./install-kernels.ts";
import { jupyterDirectory } from "./jupyter-directory.ts";

// `npx @kernelbox/kernel-javascript install`

async function main(): Promise<void> {
  const request = readCommandLine(process.argv.slice(2));
  if (request.type === "help") {
    process.stdout.write(usage);
    return;
  }
  const { platform, env: environment, execPath: node } = process;
  const directory = jupyterDirectory(request.place, { platform, environment });
  const bundle = dirname(fileURLToPath(import.meta.url));
  for (const file of await installKernels({ bundle, directory, node, platform })) process.stdout.write(`${file}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
