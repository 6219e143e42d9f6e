import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCommandLine } from "./command-line.ts";
import { installKernels } from "./install-kernels.ts";
import { jupyterDirectory } from "./jupyter-directory.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "kernel-javascript-install-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

const kernelJson = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;

test("both kernels are installed, with a copy of the bundle for this system", async () => {
  const bundle = join(directory, "bundle");
  mkdirSync(join(bundle, "kernels", "javascript"), { recursive: true });
  const spec = { argv: ["x"], display_name: "JavaScript", language: "javascript", interrupt_mode: "message" };
  writeFileSync(join(bundle, "kernels", "javascript", "kernel.json"), JSON.stringify(spec));
  for (const name of ["launch.sh", "kernel.mjs", "zeromq-linux-x64-glibc.node", "zeromq-darwin-x64.node"]) {
    writeFileSync(join(bundle, name), "");
  }
  const data = join(directory, "share", "jupyter");
  const options = { bundle, directory: data, node: "/usr/bin/node", platform: "linux" } as const;
  // Twice: a newer version replaces the older one.
  await installKernels(options);
  const [file = ""] = await installKernels(options);
  expect(kernelJson(file)).toMatchObject({
    argv: ["/bin/sh", join(data, "kernelbox-javascript", "launch.sh"), "{connection_file}", "javascript"],
    env: { KERNELBOX_NODE: "/usr/bin/node" },
    interrupt_mode: "message",
  });
  const copied = readdirSync(join(data, "kernelbox-javascript")).sort();
  expect(copied).toEqual(["kernel.mjs", "kernels", "launch.sh", "zeromq-linux-x64-glibc.node"]);
});

test("the command line names a place", () => {
  expect(readCommandLine(["install"])).toEqual({ type: "install", place: { type: "user" } });
  expect(readCommandLine(["install", "--prefix", "/p"])).toEqual({
    type: "install",
    place: { type: "prefix", prefix: "/p" },
  });
  expect(readCommandLine([])).toEqual({ type: "help" });
  expect(() => readCommandLine(["install", "--everywhere"])).toThrow("--everywhere");
  expect(() => readCommandLine(["remove"])).toThrow('"remove"');
});

test("Jupyter's directories are those of the system", () => {
  const linux = { platform: "linux", environment: { XDG_DATA_HOME: "/data" } } as const;
  expect(jupyterDirectory({ type: "user" }, linux)).toBe("/data/jupyter");
  expect(jupyterDirectory({ type: "user" }, { ...linux, environment: { JUPYTER_DATA_DIR: "/own" } })).toBe("/own");
  expect(jupyterDirectory({ type: "prefix", prefix: "/venv" }, linux)).toBe("/venv/share/jupyter");
});
