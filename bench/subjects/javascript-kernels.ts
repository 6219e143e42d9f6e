import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Subject } from "../subject.ts";
import { openRawKernel } from "./raw-kernel-process.ts";

/** The kernels for JavaScript that people have today, over raw ZeroMQ; none where they are not installed. */
export function javascriptKernels(directory: string | undefined): Subject[] {
  if (directory === undefined) return [];
  const modules = join(directory, "node_modules");
  const tslab = join(modules, "tslab", "bin", "tslab");
  const deno = join(modules, ".bin", "deno");
  // tslab knows `console` only where Node's types are installed in its directory.
  return [
    ...(existsSync(tslab)
      ? [
          {
            name: "tslab",
            open: () => openRawKernel([process.execPath, tslab, "kernel", "--js", "--config-path"], { cwd: directory }),
          },
        ]
      : []),
    ...(existsSync(deno)
      ? [
          {
            name: "Deno",
            open: () => openRawKernel([deno, "jupyter", "--kernel", "--conn"], { env: { NO_COLOR: "1" } }),
          },
        ]
      : []),
  ];
}
