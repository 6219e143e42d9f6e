import { KernelboxError } from "@kernelbox/core";
import { setUpDocker } from "./set-up-docker.ts";
import { setUpLocal } from "./set-up-local.ts";

/** Where a command speaks, and what stops it. */
export type CommandContext = {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly signal: AbortSignal;
};

const usage = `Usage: kernelbox setup [local|docker]

  setup local    makes the Python environment that boxes of the local runtime use
  setup docker   builds the images of Kernelbox with the Docker engine
  setup          both; docker only where an engine answers`;

/** Runs one command and returns its exit code. */
export async function runCommand(commandArguments: readonly string[], context: CommandContext): Promise<number> {
  const [command, target, ...rest] = commandArguments;
  if (command === "--help" || command === "-h" || command === "help") {
    context.print(usage);
    return 0;
  }
  if (command !== "setup" || rest.length > 0 || !["local", "docker", undefined].includes(target)) {
    context.printError(usage);
    return 2;
  }
  try {
    if (target !== "docker") await setUpLocal(context);
    if (target !== "local") await setUpDocker(context, { optional: target === undefined });
    return 0;
  } catch (error) {
    context.printError(KernelboxError.isInstance(error) ? `${error.code}: ${error.message}` : String(error));
    return 1;
  }
}
