import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { AbortError, KernelboxError } from "@kernelbox/core";

const run = promisify(execFile);
/** Downloads of several hundred megabytes over a slow line. */
const longestStepMs = 3_600_000;

/** Runs one command of the set-up and returns what it printed. A failure tells the command and its last words. */
export async function runStep(
  command: readonly string[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<string> {
  const [executable = "", ...commandArguments] = command;
  const { signal } = options;
  try {
    // Not where the caller is: Python would import modules from there.
    const { stdout } = await run(executable, commandArguments, {
      cwd: tmpdir(),
      timeout: longestStepMs,
      maxBuffer: 64 * 1_048_576,
      ...(signal === undefined ? {} : { signal }),
    });
    return stdout;
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
