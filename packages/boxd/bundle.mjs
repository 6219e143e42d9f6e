import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

// Makes dist/bundle: boxd as one file, with ZeroMQ's native addon of each platform beside it. It needs only Node.

const here = dirname(fileURLToPath(import.meta.url));
const outputDirectory = join(here, "dist", "bundle");
const zeromq = dirname(dirname(createRequire(import.meta.url).resolve("zeromq")));

// Of several builds the one that runs on the oldest systems: they all speak Node-API, which newer Nodes keep.
const addons = {
  "zeromq-linux-x64-glibc.node": "linux/x64/node/glibc-127-Release",
  "zeromq-linux-x64-musl.node": "linux/x64/node/musl-127-Release",
  "zeromq-linux-arm64-glibc.node": "linux/arm64/node/glibc-127-Release",
  "zeromq-linux-arm64-musl.node": "linux/arm64/node/musl-127-Release",
  "zeromq-darwin-x64.node": "darwin/x64/node/libc-115-Release",
  "zeromq-darwin-arm64.node": "darwin/arm64/node/libc-115-Release",
};

// In the place of zeromq's own search through its package directory.
const loadAddon = `
const { join } = require("node:path");
const addon = { exports: {} };
const load = (libc) => {
  process.dlopen(addon, join(__kernelboxDirectory, "zeromq-" + process.platform + "-" + process.arch + libc + ".node"));
};
if (process.platform === "linux") {
  try {
    load("-glibc");
  } catch (error) {
    // Asking which C library this is takes longer than to try. Where neither loads, the first reason is the one to tell.
    try { load("-musl"); } catch { throw error; }
  }
} else load("");
exports.__esModule = true;
exports.default = addon.exports;
`;

/** @type {import("esbuild").Plugin} */
const addonBesideBundle = {
  name: "addon-beside-bundle",
  setup(builder) {
    const filter = /zeromq[\\/]lib[\\/]load-addon\.js$/;
    builder.onLoad({ filter }, () => ({ contents: loadAddon, loader: "js" }));
  },
};

await rm(outputDirectory, { recursive: true, force: true });
await mkdir(outputDirectory, { recursive: true });
const { node } = JSON.parse(await readFile(join(here, "package.json"), "utf8")).engines;
const result = await build({
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
  // zeromq and ws are CommonJS: they look for `require`.
  banner: {
    js: [
      'import { createRequire as __kernelboxCreateRequire } from "node:module";',
      "const require = __kernelboxCreateRequire(import.meta.url);",
      'const __kernelboxDirectory = require("node:path").dirname(require("node:url").fileURLToPath(import.meta.url));',
    ].join("\n"),
  },
  // ws looks for these optional packages, which nobody can have installed beside the bundle.
  define: { "process.env.WS_NO_BUFFER_UTIL": '"1"', "process.env.WS_NO_UTF_8_VALIDATE": '"1"' },
  external: ["bufferutil", "utf-8-validate"],
  plugins: [addonBesideBundle],
  metafile: true,
  logLevel: "warning",
});
if (!Object.keys(result.metafile.inputs).some((path) => path.endsWith("zeromq/lib/load-addon.js"))) {
  throw new Error("zeromq has no lib/load-addon.js any more: adapt bundle.mjs to how it finds its addon");
}
for (const [name, directory] of Object.entries(addons)) {
  await cp(join(zeromq, "build", directory, "addon.node"), join(outputDirectory, name));
}
