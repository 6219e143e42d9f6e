import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type BoxSpec, boxdEnvironment } from "@kernelbox/core";
import type { BoxParts } from "./bubblewrap-command.ts";
import type { BoxPlaces } from "./registry.ts";
import type { BoxCommand } from "./supervisor.ts";

/** Where a plain box finds this machine's programs. */
export function plainPath(): string {
  return process.env["PATH"] ?? "/usr/bin:/bin";
}

/** The command line that runs boxd as a plain process of this machine. Nothing of the environment goes in but what is named here. */
export async function plainCommand(
  spec: BoxSpec,
  options: { readonly places: BoxPlaces; readonly parts: BoxParts },
): Promise<BoxCommand> {
  const { places, parts } = options;
  const workdir = spec.workdir === undefined ? join(places.content, "workspace") : resolve(spec.workdir);
  const temporary = join(places.content, "tmp");
  const packages = join(places.content, "packages");
  await mkdir(workdir, { recursive: true });
  await mkdir(temporary, { recursive: true });
  const inherited = ["HOME", "USER", "LOGNAME", "SHELL", "TZ"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    command: [
      ...(parts.supervisor === undefined ? [] : [parts.supervisor]),
      ...[process.execPath, join(parts.boxd, "boxd.mjs")],
    ],
    directory: places.content,
    environment: {
      ...Object.fromEntries(inherited),
      PATH: [join(packages, "bin"), join(parts.python.prefix, "bin"), plainPath(), dirname(process.execPath)].join(":"),
      LANG: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8",
      TMPDIR: temporary,
      // The environment of Python is shared by all boxes of this user.
      KERNELBOX_PACKAGES: packages,
      NPM_CONFIG_PREFIX: packages,
      NPM_CONFIG_UPDATE_NOTIFIER: "false",
      // The kernel that needs Node gets the one that is known to be new enough.
      KERNELBOX_NODE: process.execPath,
      ...boxdEnvironment(spec, {
        socket: places.socket,
        workdir,
        fileRoots: [],
        kernelspecDirectories: [
          ...parts.kernelspecDirectories,
          parts.python.kernelspecs,
          join(parts.javascript, "kernels"),
          ...parts.languages.usable.map(({ bundle }) => join(bundle, "kernels")),
        ],
        missingLanguages: parts.languages.missing,
        spillDirectory: join(temporary, ".kernelbox"),
      }),
    },
  };
}
