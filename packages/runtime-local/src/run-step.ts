import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { AbortError, KernelboxError } from "@kernelbox/core";

const run = promisify(execFile);
/** Downloads of several hundred megabytes over a slow line. */
const longestStepMs = 3_600_000;

/**
 * Runs one command of the set-up and returns what it printed, which `onLine` gets as it comes. A failure tells the command
 * and its last words.
 */
export async function runStep(
  command: readonly string[],
  options: { readonly onLine?: (line: string) => void; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const [executable = "", ...commandArguments] = command;
  const { onLine, signal } = options;
  try {
    // Not where the caller is: Python would import modules from there.
    const running = run(executable, commandArguments, {
      cwd: tmpdir(),
      timeout: longestStepMs,
      maxBuffer: 64 * 1_048_576,
      ...(signal === undefined ? {} : { signal }),
    });
    const { stdout: output } = running.child;
    if (onLine !== undefined && output !== null) createInterface({ input: output }).on("line", onLine);
    return (await running).stdout;
  } catch (error) {
    if (signal?.aborted === true) throw new AbortError(signal.reason);
    throw new KernelboxError("box-start-failed", `"${command.join(" ")}" failed. It said: ${outputOf(error)}`, {
      cause: error,
    });
  }
}

function outputOf(error: unknown): string {
  const stderr = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : "";
  return stderr === "" ? String(error) : stderr.slice(-2000);
}
