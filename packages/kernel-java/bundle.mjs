import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleKernel } from "../kernel-host/bundle-kernel.mjs";

const directory = dirname(fileURLToPath(import.meta.url));

/** Compiles the runner, where there is a compiler; images compile it themselves, with their own. */
function makeJar() {
  const dist = join(directory, "dist");
  mkdirSync(dist, { recursive: true });
  const scratch = mkdtempSync(join(dist, "jar."));
  try {
    const sources = join(directory, "runner", "kernelbox");
    const manifest = join(directory, "runner", "manifest.txt");
    const files = readdirSync(sources).map((name) => join(sources, name));
    // The oldest version that the local runtime accepts.
    const options = ["--release", "17", "-Xlint:none", "-nowarn", "-XDignore.symbol.file"];
    const compiled = run("javac", [
      ...options,
      "--add-modules",
      "jdk.jshell",
      "-d",
      join(scratch, "classes"),
      ...files,
    ]);
    if (compiled === undefined) {
      process.stderr.write(
        "kernel-java: there is no javac, so the bundle has no runner.jar, and the local runtime no Java\n",
      );
      return [];
    }
    const jar = join(scratch, "runner.jar");
    run("jar", [
      "--create",
      "--date=2026-01-01T00:00:00Z",
      "--file",
      jar,
      "--manifest",
      manifest,
      "-C",
      join(scratch, "classes"),
      ".",
    ]);
    renameSync(jar, join(dist, "runner.jar"));
    return ["dist/runner.jar"];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: "utf8" });
  if (error?.code === "ENOENT") return undefined;
  if (error !== undefined || status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr}`);
  return true;
}

await bundleKernel(directory, ["runner", ...makeJar()]);
