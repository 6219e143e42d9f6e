import { KernelboxError } from "@kernelbox/core";
import { parseCommandLine, usage } from "./command-line.ts";
import { setUp } from "./set-up.ts";

/** Where a command speaks, and what stops it. */
export type CommandContext = {
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  readonly signal: AbortSignal;
};

/** Runs one command and returns its exit code: 0, 1 for a failure, 2 for a command line that makes no sense. */
export async function runCommand(commandArguments: readonly string[], context: CommandContext): Promise<number> {
  const command = parseCommandLine(commandArguments);
  if (typeof command === "string") {
    context.printError(`kernelbox: ${command}\n\n${usage}`);
    return 2;
  }
  if (command.name === "help") {
    context.print(usage);
    return 0;
  }
  try {
    await setUp(command.request, context);
    return 0;
  } catch (error) {
    context.printError(KernelboxError.isInstance(error) ? `${error.code}: ${error.message}` : String(error));
    return 1;
  }
}
