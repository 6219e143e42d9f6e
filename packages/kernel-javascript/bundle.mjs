import { chmod, cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { capturedGlobals } from "./make-captured-globals.mjs";

// Makes dist/bundle: what a kernel runs of, with ZeroMQ's native addon of each platform beside it. It needs only Node.

const here = dirname(fileURLToPath(import.meta.url));
const finalDirectory = join(here, "dist", "bundle");
// Filled beside its place, so that kernels can start all the while.
const outputDirectory = join(here, "dist", `bundle.${process.pid}`);
const fromHost = createRequire(join(here, "..", "kernel-host", "package.json"));
const zeromq = dirname(dirname(fromHost.resolve("zeromq")));

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

// TypeScript and Node's types stay as they are, in directories of their own: they are large, and only some cells need them.
const require = createRequire(import.meta.url);
const typescript = dirname(require.resolve("typescript/package.json"));
const nodeTypes = dirname(require.resolve("@types/node/package.json"));
const undiciTypes = dirname(createRequire(join(nodeTypes, "package.json")).resolve("undici-types/package.json"));
const besideBundle = {
  "load-typescript.ts": ['("typescript")', '("./typescript/lib/typescript.js")'],
  "compile-program.ts": ['"@types/node/package.json"', '"./types/node/package.json"'],
  "virtual-project.ts": ['"@types/node/package.json"', '"./types/node/package.json"'],
};
/** @type {import("esbuild").Plugin} */
const packagesBesideBundle = {
  name: "packages-beside-bundle",
  setup(builder) {
    for (const [file, [from, to]] of Object.entries(besideBundle)) {
      builder.onLoad({ filter: new RegExp(`[\\\\/]${file.replace(".", "\\.")}$`) }, async ({ path }) => {
        const source = await readFile(path, "utf8");
        if (!source.includes(from)) throw new Error(`${path} does not say ${from} any more: adapt bundle.mjs to it`);
        return { contents: source.replaceAll(from, to), loader: "ts" };
      });
    }
  },
};

/** The parser of TypeScript is a file of its own, read when it is needed. */
const lateName = "parse-typescript";
/** @type {import("esbuild").Plugin} */
const lateModule = {
  name: "late-module",
  setup(builder) {
    builder.onResolve({ filter: new RegExp(`[\\\\/]${lateName}\\.ts$`) }, ({ kind }) =>
      kind === "dynamic-import" ? { path: `./${lateName}.cjs`, external: true } : undefined,
    );
  },
};

await rm(outputDirectory, { recursive: true, force: true });
await mkdir(outputDirectory, { recursive: true });
const { engines } = JSON.parse(await readFile(join(here, "package.json"), "utf8"));
const common = {
  bundle: true,
  platform: "node",
  target: `node${/\d+\.\d+/.exec(engines.node)?.[0]}`,
  conditions: ["@kernelbox/source"],
  legalComments: "eof",
  // Names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: "warning",
  outdir: outputDirectory,
};
/** CommonJS: Node has it running a fifth sooner, in the process and in its thread. */
const commonJs = {
  ...common,
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { "import.meta.url": "__kernelboxUrl" },
  banner: {
    js: [
      "const __kernelboxDirectory = __dirname;",
      'const __kernelboxUrl = require("node:url").pathToFileURL(__filename).href;',
    ].join("\n"),
  },
};
const sourceOf = (...path) => join(here, "src", ...path);

const inject = join(outputDirectory, "captured-globals.mjs");
await writeFile(inject, capturedGlobals);
await build({
  ...commonJs,
  entryPoints: [{ in: sourceOf("main-thread", "main.ts"), out: "kernel" }],
  inject: [inject],
});
await rm(inject);
const result = await build({
  ...commonJs,
  entryPoints: [{ in: sourceOf("host-thread", "main.ts"), out: "host-thread" }],
  plugins: [addonBesideBundle, packagesBesideBundle, lateModule],
  metafile: true,
});
if (!Object.keys(result.metafile.inputs).some((path) => path.endsWith("zeromq/lib/load-addon.js"))) {
  throw new Error("zeromq has no lib/load-addon.js any more: adapt bundle.mjs to how it finds its addon");
}
await build({ ...commonJs, entryPoints: [{ in: sourceOf("cells", `${lateName}.ts`), out: lateName }] });
await build({
  ...commonJs,
  entryPoints: [{ in: sourceOf("programs", "main.ts"), out: "compile-program" }],
  plugins: [packagesBesideBundle],
});
await build({
  ...common,
  format: "esm",
  outExtension: { ".js": ".mjs" },
  entryPoints: [{ in: sourceOf("install", "main.ts"), out: "install" }],
  banner: { js: "#!/usr/bin/env node" },
});
await chmod(join(outputDirectory, "install.mjs"), 0o755);
for (const [name, directory] of Object.entries(addons)) {
  await cp(join(zeromq, "build", directory, "addon.node"), join(outputDirectory, name));
}
await cp(join(here, "launch.sh"), join(outputDirectory, "launch.sh"));
await cp(join(here, "kernels"), join(outputDirectory, "kernels"), { recursive: true });
for (const name of ["package.json", "LICENSE.txt", "ThirdPartyNoticeText.txt", "lib/typescript.js"]) {
  await cp(join(typescript, name), join(outputDirectory, "typescript", name));
}
for (const name of await readdir(join(typescript, "lib"))) {
  if (/^lib\..*d\.ts$/.test(name))
    await cp(join(typescript, "lib", name), join(outputDirectory, "typescript", "lib", name));
}
for (const [from, to] of [
  [nodeTypes, join(outputDirectory, "types", "node")],
  [undiciTypes, join(outputDirectory, "types", "node", "node_modules", "undici-types")],
]) {
  await cp(from, to, { recursive: true, dereference: true });
}
await rm(finalDirectory, { recursive: true, force: true });
await rename(outputDirectory, finalDirectory);
