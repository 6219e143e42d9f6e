import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BoxSpec, silentLogger } from "@kernelbox/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type BoxParts, bubblewrapCommand } from "./bubblewrap-command.ts";
import { plainCommand } from "./plain-command.ts";
import { type BoxPlaces, boxPlaces } from "./registry.ts";

const spec: BoxSpec = {
  id: "0190-id",
  labels: {},
  limits: {},
  env: { SECRET: "s3cret" },
  mounts: [],
  timeoutMs: 0,
  idleTimeoutMs: 0,
  maxLifetimeMs: 0,
  optionsFingerprint: "f",
  logger: silentLogger,
};
const parts: BoxParts = {
  boxd: "/opt/boxd",
  javascript: "/opt/javascript",
  languages: {
    usable: [{ languages: ["bash"], bundle: "/opt/bash", inside: "/opt/kernelbox/runner-bash" }],
    missing: { r: "R" },
  },
  python: { prefix: "/home/me/python", basePrefix: "/usr", kernelspecs: "/home/me/python/share/jupyter/kernels" },
  kernelspecDirectories: ["/home/me/kernels"],
};
const support = { usable: true, executable: "/usr/bin/bwrap", flags: ["--unshare-user"] } as const;

describe("the command line of a box", () => {
  let registry: string;
  let places: BoxPlaces;

  beforeEach(async () => {
    registry = await mkdtemp(join(tmpdir(), "kernelbox-registry-"));
    places = boxPlaces(registry, spec.id);
    await mkdir(places.content, { recursive: true });
  });

  afterEach(async () => {
    await rm(registry, { recursive: true, force: true });
  });

  async function bubblewrapped(changes: Partial<BoxSpec> = {}): Promise<{ line: string; environment: object }> {
    const { command, environment } = await bubblewrapCommand({ ...spec, ...changes }, { places, parts, support });
    return { line: command.join(" "), environment };
  }

  test("in bubblewrap has no network unless it was asked for", async () => {
    expect((await bubblewrapped()).line).toContain("--unshare-net");
    expect((await bubblewrapped()).line).not.toContain("/etc/resolv.conf");
    const online = await bubblewrapped({ limits: { network: "internet" } });
    expect(online.line).not.toContain("--unshare-net");
    expect(online.line).toContain("--ro-bind-try /etc/resolv.conf /etc/resolv.conf");
  });

  test("in bubblewrap shows the system, Python and kernels read-only, and nothing else of the home directory", async () => {
    const { line } = await bubblewrapped();
    for (const path of ["/usr", "/home/me/python", "/home/me/kernels"])
      expect(line).toContain(`--ro-bind ${path} ${path}`);
    expect(line).not.toContain("--bind /home");
    expect(line).toContain(`--bind ${places.content}/workspace /workspace`);
    expect(line).toMatch(/--remount-ro \/ --chdir \/workspace \S+node \S+boxd\.mjs$/);
  });

  test("has the kernels of the languages that this machine has", async () => {
    const { line, environment } = await bubblewrapped();
    expect(line).toContain("--ro-bind /opt/bash /opt/kernelbox/runner-bash");
    expect(JSON.stringify(environment)).toContain("/opt/kernelbox/runner-bash/kernels");
    const plain = await plainCommand(spec, { places, parts });
    expect(JSON.stringify(plain.environment)).toContain("/opt/bash/kernels");
  });

  test("in bubblewrap binds mounts below the workspace, read-only or not", async () => {
    const mounts = [
      { source: "/data", target: "in", readOnly: true },
      { source: "/out", target: "/mnt/out", readOnly: false },
    ];
    const { line } = await bubblewrapped({ mounts });
    expect(line).toContain("--ro-bind /data /workspace/in --bind /out /mnt/out");
  });

  test("in bubblewrap has users of its own", async () => {
    await bubblewrapped();
    expect(await readFile(join(places.directory, "passwd"), "utf8")).toContain("box:x:1000:1000:");
  });

  test("never carries what every user of the machine could read there", async () => {
    const { command } = await plainCommand(spec, { places, parts });
    expect(`${(await bubblewrapped()).line} ${command.join(" ")}`).not.toContain("s3cret");
  });

  test("without isolation inherits only what is named", async () => {
    const { command, environment } = await plainCommand(spec, { places, parts });
    expect(command).toEqual([process.execPath, "/opt/boxd/boxd.mjs"]);
    const allowed = ["HOME", "USER", "LOGNAME", "SHELL", "TZ", "PATH", "LANG", "TMPDIR"];
    const names = Object.keys(environment).filter((name) => !/^(KERNELBOX|NPM_CONFIG)_/.test(name));
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
    const packages = join(places.content, "packages");
    expect(environment).toMatchObject({ KERNELBOX_PACKAGES: packages, NPM_CONFIG_PREFIX: packages });
    expect(environment["PATH"]?.split(":").slice(0, 2)).toEqual([join(packages, "bin"), "/home/me/python/bin"]);
  });
});
