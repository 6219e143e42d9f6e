import { lstat, mkdir, readlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type BoxSpec, boxdEnvironment } from "@kernelbox/core";
import type { LocalLanguages } from "./languages/local-languages.ts";
import type { PythonEnvironment } from "./python-environment/locate-managed-python.ts";
import type { UsableBubblewrap } from "./bubblewrap-usable.ts";
import type { BoxPlaces } from "./registry.ts";
import type { BoxCommand } from "./supervisor.ts";

/** What a box is started from, besides its spec. */
export type BoxParts = {
  /** The directory of boxd's bundle. */
  readonly boxd: string;
  /** The directory of the JavaScript kernel's bundle. */
  readonly javascript: string;
  readonly python: PythonEnvironment;
  /** What this machine has beside them. */
  readonly languages: LocalLanguages;
  readonly kernelspecDirectories: readonly string[];
  /** The program that adopts the box's processes; absent where it was not made. */
  readonly supervisor?: string;
};

const boxdInside = "/opt/kernelbox/boxd";
const javascriptInside = "/opt/kernelbox/kernel-javascript";
const nodeInside = "/opt/kernelbox/bin/node";
const supervisorInside = "/opt/kernelbox/bin/kernelbox-supervisor";
/** Where code installs packages. */
const packagesInside = "/home/box/.local";
/** Where programs of the system are in the box. */
export const pathInside = "/usr/local/bin:/usr/bin:/bin";
/** The little of /etc that programs need to find libraries, names, fonts, time zones and certificates, and R and Java themselves. */
const etc = [
  "R",
  "alternatives",
  "ca-certificates",
  "ca-certificates.conf",
  "fonts",
  "java-17-openjdk",
  "java-21-openjdk",
  "java-25-openjdk",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "mime.types",
  "nsswitch.conf",
  "pki",
  "protocols",
  "services",
  "ssl",
  "timezone",
].map((name) => `/etc/${name}`);

/** The command line that runs boxd in bubblewrap. Makes the directories that the box writes to. */
export async function bubblewrapCommand(
  spec: BoxSpec,
  options: { readonly places: BoxPlaces; readonly parts: BoxParts; readonly support: UsableBubblewrap },
): Promise<BoxCommand> {
  const { places, parts, support } = options;
  const { executable, flags } = support;
  const workdir = resolve("/workspace", spec.workdir ?? ".");
  const online = spec.limits.network === "internet";
  const environment = {
    PATH: [join(packagesInside, "bin"), join(parts.python.prefix, "bin"), dirname(nodeInside), pathInside].join(":"),
    HOME: "/home/box",
    KERNELBOX_PACKAGES: packagesInside,
    NPM_CONFIG_PREFIX: packagesInside,
    NPM_CONFIG_UPDATE_NOTIFIER: "false",
    USER: "box",
    LANG: "C.UTF-8",
    TMPDIR: "/tmp",
    ...boxdEnvironment(spec, {
      socket: "/run/kernelbox/boxd.sock",
      workdir,
      kernelspecDirectories: [
        ...parts.kernelspecDirectories,
        parts.python.kernelspecs,
        join(javascriptInside, "kernels"),
        ...parts.languages.usable.map(({ inside }) => join(inside, "kernels")),
      ],
      missingLanguages: parts.languages.missing,
      spillDirectory: "/tmp/.kernelbox",
    }),
  };
  const command = [
    executable,
    ...flags,
    ...(online ? [] : ["--unshare-net"]),
    ...(await systemArguments()),
    ...(await etcArguments(places, online)),
    ...["--proc", "/proc", "--dev", "/dev"],
    ...(await contentArguments(places, workdir)),
    ...["--bind", places.run, "/run/kernelbox"],
    ...readOnly(parts.boxd, boxdInside),
    ...readOnly(parts.javascript, javascriptInside),
    ...parts.languages.usable.flatMap(({ bundle, inside }) => readOnly(bundle, inside)),
    ...readOnly(process.execPath, nodeInside),
    ...(parts.supervisor === undefined ? [] : readOnly(parts.supervisor, supervisorInside)),
    ...[parts.python.prefix, parts.python.basePrefix, ...parts.kernelspecDirectories]
      .filter((path) => !isBelow(path, "/usr"))
      .flatMap((path) => readOnly(path, path)),
    ...spec.mounts.flatMap((mount) => [
      mount.readOnly ? "--ro-bind" : "--bind",
      resolve(mount.source),
      resolve("/workspace", mount.target),
    ]),
    ...["--remount-ro", "/", "--chdir", "/workspace"],
    ...(parts.supervisor === undefined ? [] : [supervisorInside]),
    ...[nodeInside, join(boxdInside, "boxd.mjs")],
  ];
  // Handed down rather than named in the command line, which every user of the machine can read.
  return { command, environment, directory: "/" };
}

/** /usr, and /bin, /lib and so on as what they are here: links into /usr, or directories. */
async function systemArguments(): Promise<readonly string[]> {
  const parts = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"].map(async (path) => {
    const stats = await lstat(path).catch(() => undefined); // not every system has all of them
    if (stats === undefined) return [];
    return stats.isSymbolicLink() ? ["--symlink", await readlink(path), path] : readOnly(path, path);
  });
  return [...readOnly("/usr", "/usr"), ...(await Promise.all(parts)).flat()];
}

async function etcArguments(places: BoxPlaces, online: boolean): Promise<readonly string[]> {
  const files = {
    passwd: "root:x:0:0:root:/:/usr/sbin/nologin\nbox:x:1000:1000:box:/home/box:/bin/bash\n",
    group: "root:x:0:\nbox:x:1000:\n",
    hosts: "127.0.0.1 localhost kernelbox\n::1 localhost\n",
  };
  const own = Object.entries(files).map(async ([name, text]) => {
    const path = join(places.directory, name);
    await writeFile(path, text);
    return readOnly(path, `/etc/${name}`);
  });
  const found = [...etc, ...(online ? ["/etc/resolv.conf"] : [])];
  return [...found.flatMap((path) => ["--ro-bind-try", path, path]), ...(await Promise.all(own)).flat()];
}

/** What the box may write to: directories of its own on this machine's disk, deleted when it ends. */
async function contentArguments(places: BoxPlaces, workdir: string): Promise<readonly string[]> {
  const targets = { tmp: "/tmp", home: "/home/box", workspace: "/workspace", data: "/mnt/data" };
  const inside = Object.values(targets).some((target) => isBelow(workdir, target));
  const all = Object.entries(inside ? targets : { ...targets, workdir });
  const made = all.map(async ([name, target]) => {
    const source = join(places.content, name);
    await mkdir(source, { recursive: true, mode: 0o755 });
    return ["--bind", source, target];
  });
  return (await Promise.all(made)).flat();
}

function readOnly(source: string, target: string): readonly string[] {
  return ["--ro-bind", source, target];
}

function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
