import { parseArgs } from "node:util";
import { type ImageName, imageNames, usualImageNames } from "@kernelbox/runtime-docker";

/** What `kernelbox setup …` was asked for. */
export type SetUpRequest = {
  readonly target: "local" | "docker" | "both";
  readonly images: readonly ImageName[];
  /** Download the images rather than build them. */
  readonly pull: boolean;
  readonly imagePrefix?: string;
  readonly networkMode?: string;
  readonly caFiles: readonly string[];
};

export type Command = { readonly name: "setup"; readonly request: SetUpRequest } | { readonly name: "help" };

export const usage: string = `Usage: kernelbox setup [local|docker] [options]

  setup local             makes the Python environment that boxes of the local runtime use
  setup docker [NAME …]   builds images of Kernelbox with the Docker engine: ${usualImageNames.join(" and ")},
                          or those that are named (${imageNames.join(", ")})
  setup                   both, as far as there is a Python and an engine

Options
  --ca FILE       trusts the certificates in FILE (PEM) while packages are downloaded, for networks that inspect TLS;
                  those that this machine trusts beyond the usual ones are found without it. They are in no image
  --network MODE  the network of the build's containers in the engine's words, such as "host"
  --prefix NAME   what stands before the images' names (default: KERNELBOX_IMAGE_PREFIX, else "kernelbox")
  --pull          downloads the images from the registry that --prefix names instead of building them
  --help          this text`;

/** Understands the command line, or returns what is wrong with it. */
export function parseCommandLine(commandArguments: readonly string[]): Command | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(commandArguments);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const [command, target = "both", ...images] = positionals;
  if (values.help === true || command === "help") return { name: "help" };
  if (command !== "setup") return command === undefined ? "no command" : `unknown command "${command}"`;
  if (target !== "local" && target !== "docker" && target !== "both") return `unknown target "${target}"`;
  if (target === "local") {
    const forDocker = ["network", "prefix", "pull"] as const;
    const name = forDocker.find((option) => values[option] !== undefined);
    if (name !== undefined) return `--${name} has no effect on "setup local"`;
  }
  const unknown = images.find((name) => target !== "docker" || !isImageName(name));
  if (unknown !== undefined) return `unknown image "${unknown}"`;
  return {
    name: "setup",
    request: {
      target,
      images: images.length === 0 ? usualImageNames : images.filter(isImageName),
      pull: values.pull === true,
      caFiles: values.ca ?? [],
      ...(values.prefix === undefined ? {} : { imagePrefix: values.prefix }),
      ...(values.network === undefined ? {} : { networkMode: values.network }),
    },
  };
}

function parse(commandArguments: readonly string[]) {
  return parseArgs({
    args: [...commandArguments],
    allowPositionals: true,
    options: {
      help: { type: "boolean", short: "h" },
      ca: { type: "string", multiple: true },
      network: { type: "string" },
      prefix: { type: "string" },
      pull: { type: "boolean" },
    },
  });
}

function isImageName(name: string): name is ImageName {
  return imageNames.some((known) => known === name);
}
