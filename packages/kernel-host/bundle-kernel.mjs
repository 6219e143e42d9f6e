import { chmod, cp, mkdir, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const zeromq = dirname(dirname(createRequire(import.meta.url).resolve("zeromq")));

// Of several builds the one that runs on the oldest systems: they all speak Node-API, which newer Nodes keep.
const addons = {
  "zeromq-linux-x64-glibc.node": "linux/x64/node/glibc-127-Release",
  "zeromq-linux-x64-musl.node": "linux/x64/node/musl-127-Release",
  "zeromq-linux-arm64-glibc.node": "linux/arm64/node/glibc-127-Release",
  "zeromq-linux-arm64-musl.node": "linux/arm64/node/musl-127-Release",
};

// In the place of zeromq's own search through its package directory.
const loadAddon = `
const { join } = require("node:path");
const addon = { exports: {} };
const load = (libc) => {
  process.dlopen(addon, join(__dirname, "zeromq-" + process.platform + "-" + process.arch + libc + ".node"));
};
try {
  load("-glibc");
} catch (error) {
  try { load("-musl"); } catch { throw error; }
}
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

/** What runners in C++ share: the frames, the process of a cell and its copies, what a crash was. */
export const nativeSources = join(here, "native");

/**
 * Makes dist/bundle of a runner's package: the kernel's program in one file, ZeroMQ's native addon of each platform, the
 * kernelspecs, and the runner's own files. It needs only Node and the language.
 *
 * @param {string} directory of the package
 * @param {readonly string[]} files of the package that lie beside the program
 * @param {Readonly<Record<string, string>>} shared directories whose files go into one of `files`, by its name
 */
export async function bundleKernel(directory, files, shared = {}) {
  const final = join(directory, "dist", "bundle");
  // Filled beside its place, so that kernels can start all the while.
  const target = join(directory, "dist", `bundle.${process.pid}`);
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const { engines } = JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
  const result = await build({
    entryPoints: [{ in: join(directory, "src", "main.ts"), out: "kernel" }],
    outdir: target,
    bundle: true,
    platform: "node",
    target: `node${/\d+\.\d+/.exec(engines.node)?.[0]}`,
    conditions: ["@kernelbox/source"],
    // CommonJS: Node has it running a fifth sooner.
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    legalComments: "eof",
    // Names stay, for stack traces.
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: "warning",
    plugins: [addonBesideBundle],
    metafile: true,
  });
  if (!Object.keys(result.metafile.inputs).some((path) => path.endsWith("zeromq/lib/load-addon.js"))) {
    throw new Error("zeromq has no lib/load-addon.js any more: adapt bundle-kernel.mjs to how it finds its addon");
  }
  for (const [name, addon] of Object.entries(addons)) {
    await cp(join(zeromq, "build", addon, "addon.node"), join(target, name));
  }
  await cp(join(here, "launch.sh"), join(target, "launch.sh"));
  await chmod(join(target, "launch.sh"), 0o755);
  await cp(join(directory, "kernels"), join(target, "kernels"), { recursive: true });
  for (const file of files) await cp(join(directory, file), join(target, basename(file)), { recursive: true });
  for (const [into, from] of Object.entries(shared)) await cp(from, join(target, into), { recursive: true });
  await rm(final, { recursive: true, force: true });
  await rename(target, final);
}
