// What is inside the packages that would be published.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { join, posix } from "node:path";

const kibibyte = 1024;
/** boxd carries an addon for each system; everything else is text. */
const longestBytes = {
  "@kernelbox/boxd": 6144 * kibibyte,
  "@kernelbox/core": 512 * kibibyte,
  // TypeScript's compiler and the types of Node are in it.
  "@kernelbox/kernel-javascript": 8192 * kibibyte,
};
/** A kernel of ours has the addons as well. */
const kernelBytes = 4096 * kibibyte;
const usualBytes = 128 * kibibyte;
/** `types/` is what the TypeScript kernel checks cells with, laid out as npm does. */
const junk =
  /^(?!dist\/bundle\/types\/).*(\.test\.|\.test-support\.|(^|\/)tests?\/|\.tsbuildinfo$|\.egg-info|__pycache__|\.pyc$|node_modules\/|\.env|\.log$)/;

/** The packages in a directory: manifest, files and the numbers that a registry tells. */
export function readTarballs(directory) {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".tgz"))
    .map((file) => {
      const path = join(directory, file);
      const unpacked = join(directory, `${file}.d`, "package");
      unpack(path, join(directory, `${file}.d`));
      const content = readFileSync(path);
      return {
        file,
        path,
        unpacked,
        files: readdirSync(unpacked, { recursive: true, withFileTypes: true })
          .filter((entry) => !entry.isDirectory())
          .map((entry) => posix.relative(unpacked, posix.join(entry.parentPath, entry.name))),
        bytes: content.length,
        manifest: JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8")),
        integrity: `sha512-${createHash("sha512").update(content).digest("base64")}`,
        shasum: createHash("sha1").update(content).digest("hex"),
      };
    });
}

function unpack(path, target) {
  mkdirSync(target);
  const { status, stderr } = spawnSync("tar", ["-xzf", path, "-C", target], { encoding: "utf8" });
  if (status !== 0) throw new Error(`unpacking ${path}: ${stderr}`);
}

/** Everything that is wrong with one package, as sentences. */
export function complaintsAbout({ manifest, files, bytes, unpacked }) {
  const there = new Set(files);
  const longest = longestBytes[manifest.name] ?? (/\/(kernel|runner)-/.test(manifest.name) ? kernelBytes : usualBytes);
  const missing = (targets) => targets.map((target) => posix.normalize(target)).filter((target) => !there.has(target));
  return [
    ...files.filter((file) => junk.test(file)).map((file) => `${file} does not belong into a package`),
    ...["LICENSE", "README.md"].filter((file) => !there.has(file)).map((file) => `${file} is missing`),
    ...missing(exportTargets(manifest)).map((file) => `${file} is named in package.json and missing`),
    ...missing(sourcesOfMaps(unpacked, files)).map((file) => `${file} is named by a source map and missing`),
    ...(/"(workspace|catalog|link|file):/.test(JSON.stringify(manifest)) ? ["package.json has a local version"] : []),
    ...(manifest.engines?.node === ">=20.19" ? [] : ["engines.node is not >=20.19"]),
    ...["preinstall", "install", "postinstall"].flatMap((name) =>
      manifest.scripts?.[name] === undefined ? [] : [`it runs a script at ${name}`],
    ),
    ...(bytes <= longest ? [] : [`it has ${bytes} bytes, more than ${longest}`]),
  ];
}

function exportTargets({ exports = {}, bin = {} }) {
  const targets = (value) => (typeof value === "string" ? [value] : Object.values(value).flatMap(targets));
  return [...targets(exports), ...targets(bin)];
}

function sourcesOfMaps(unpacked, files) {
  return files
    .filter((file) => file.endsWith(".map"))
    .flatMap((file) => {
      const { sources } = JSON.parse(readFileSync(join(unpacked, file), "utf8"));
      return sources.map((source) => posix.join(posix.dirname(file), source));
    });
}
