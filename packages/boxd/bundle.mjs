import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// Makes dist/bundle: boxd as one file that needs only Node, and the source of its supervisor.

const here = dirname(fileURLToPath(import.meta.url));
const outputDirectory = join(here, "dist", "bundle");

await rm(outputDirectory, { recursive: true, force: true });
await mkdir(outputDirectory, { recursive: true });
const { node } = JSON.parse(await readFile(join(here, "package.json"), "utf8")).engines;
await build({
  entryPoints: [join(here, "src", "main.ts")],
  outfile: join(outputDirectory, "boxd.mjs"),
  bundle: true,
  platform: "node",
  format: "esm",
  target: `node${/\d+\.\d+/.exec(node)?.[0]}`,
  conditions: ["@kernelbox/source"],
  legalComments: "eof",
  // Names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  // ws is CommonJS: it looks for `require`.
  banner: {
    js: [
      'import { createRequire as __kernelboxCreateRequire } from "node:module";',
      "const require = __kernelboxCreateRequire(import.meta.url);",
    ].join("\n"),
  },
  // ws looks for these optional packages, which nobody can have installed beside the bundle.
  define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
  external: ["bufferutil", "utf-8-validate"],
  logLevel: "warning",
});

// Compiled where boxes are: by an image's build, or by the setup of the local runtime.
await copyFile(join(here, "src", "lifecycle", "supervisor.c"), join(outputDirectory, "supervisor.c"));
