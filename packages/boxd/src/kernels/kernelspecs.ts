import { readFileSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { type ProgramRecipe, programRecipeSchema } from "@kernelbox/protocol";
import { z } from "zod";

const kernelJsonSchema = z.object({
  argv: z.array(z.string()).min(1),
  display_name: z.string().default(""),
  language: z.string().default(""),
  interrupt_mode: z.enum(["signal", "message"]).catch("signal").default("signal"),
  env: z.record(z.string(), z.string()).catch({}).default({}),
  metadata: z.record(z.string(), z.unknown()).catch({}).default({}),
});
const kernelboxMetadataSchema = z.object({
  features: z.array(z.string()).catch([]).default([]),
  aliases: z.array(z.string()).catch([]).default([]),
  template: z
    .object({
      argv: z.array(z.string()).min(1),
      modules: z.array(z.string()).default([]),
      packages: z.array(z.string()).default([]),
    })
    .optional()
    .catch(undefined),
  program: programRecipeSchema.optional().catch(undefined),
});

/** How a process is started from which kernels are forked: `argv`, with `{socket}` filled in, and then the modules. */
export type TemplateCommand = {
  readonly argv: readonly string[];
  readonly modules: readonly string[];
  /**
   * Directories that code installs packages into: when one changes, what was imported before may be out of date. In them
   * `{packages}` stands for the value of `KERNELBOX_PACKAGES`.
   */
  readonly packages: readonly string[];
};

/** One installed kernel. */
export type Kernelspec = {
  readonly name: string;
  readonly directory: string;
  readonly argv: readonly string[];
  readonly displayName: string;
  /** Lower case. */
  readonly language: string;
  readonly interruptMode: "signal" | "message";
  readonly env: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Further names of the language, lower case. */
  readonly aliases: readonly string[];
  /** What the kernel understands beyond Jupyter's protocol, such as "variables". */
  readonly features: readonly string[];
  /** Absent: kernels are started one by one. */
  readonly template?: TemplateCommand;
  /** Absent: whole programs of the language cannot be run. */
  readonly program?: ProgramRecipe;
};

/** Where to look for kernelspecs, first match first. `own` comes before Jupyter's usual places. */
export function kernelspecDirectories(
  own: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const home = homedir();
  const data = [
    ...(environment["JUPYTER_PATH"] ?? "").split(delimiter),
    environment["JUPYTER_DATA_DIR"] ?? "",
    process.platform === "darwin" ? join(home, "Library/Jupyter") : "",
    join(environment["XDG_DATA_HOME"] || join(home, ".local/share"), "jupyter"),
    ...["VIRTUAL_ENV", "CONDA_PREFIX"].map((name) => environment[name]).map((prefix) => prefixShare(prefix)),
    "/usr/local/share/jupyter",
    "/usr/share/jupyter",
  ];
  return [...new Set([...own, ...data.filter((path) => path !== "").map((path) => join(path, "kernels"))])];
}

/** Reads all kernelspecs. Of two with one name the first found counts, as in Jupyter. Broken ones are reported to `log`. */
export function findKernelspecs(
  directories: readonly string[],
  log: (message: string, fields: Record<string, unknown>) => void,
): readonly Kernelspec[] {
  const found = new Map<string, Kernelspec>();
  for (const parent of directories) {
    for (const name of entriesOf(parent)) {
      const key = name.toLowerCase();
      if (found.has(key)) continue;
      const spec = readKernelspec(join(parent, name), key, log);
      if (spec) found.set(key, spec);
    }
  }
  return [...found.values()];
}

function readKernelspec(
  directory: string,
  name: string,
  log: (message: string, fields: Record<string, unknown>) => void,
): Kernelspec | undefined {
  let text: string;
  try {
    text = readFileSync(join(directory, "kernel.json"), "utf8");
  } catch {
    // A directory without a kernel.json is no kernelspec (Jupyter skips it, too).
    return undefined;
  }
  try {
    const spec = kernelJsonSchema.parse(JSON.parse(text));
    const own = kernelboxMetadataSchema.parse(spec.metadata["kernelbox"] ?? {});
    return {
      name,
      directory,
      argv: spec.argv,
      displayName: spec.display_name || name,
      language: (spec.language || name).toLowerCase(),
      interruptMode: spec.interrupt_mode,
      env: spec.env,
      metadata: spec.metadata,
      aliases: own.aliases.map((alias) => alias.toLowerCase()),
      features: own.features,
      ...(own.template && { template: own.template }),
      ...(own.program && { program: own.program }),
    };
  } catch (error) {
    log("a kernelspec cannot be read and is left out", { directory, error: String(error) });
    return undefined;
  }
}

function entriesOf(directory: string): readonly string[] {
  try {
    return readdirSync(directory).sort();
  } catch {
    // Most of the usual places do not exist.
    return [];
  }
}

function prefixShare(prefix: string | undefined): string {
  return prefix === undefined || prefix === "" ? "" : join(prefix, "share/jupyter");
}
