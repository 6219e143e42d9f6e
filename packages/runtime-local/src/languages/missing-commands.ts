import { execFile } from "node:child_process";
import { promisify } from "node:util";

const versionTimeoutMs = 10_000;

/**
 * Says which commands this machine does not have: names, each with the oldest version of a compiler of GCC's, or
 * `undefined` where any will do.
 */
export async function findMissingCommands(
  wanted: Readonly<Record<string, number | undefined>>,
): Promise<string | undefined> {
  const missing: string[] = [];
  for (const [command, oldest] of Object.entries(wanted)) {
    const said = await outputOf(command, oldest === undefined ? "--version" : "-dumpversion");
    if (said === undefined) missing.push(command);
    else if (oldest !== undefined && Number.parseInt(said) < oldest) missing.push(`${command} ${oldest}`);
  }
  return missing.length === 0
    ? undefined
    : `${missing.join(" and ")} ${missing.length === 1 ? "was" : "were"} not found`;
}

/** What a command prints; `undefined` where there is none. */
export async function outputOf(command: string, argument: string): Promise<string | undefined> {
  try {
    return (await promisify(execFile)(command, [argument], { timeout: versionTimeoutMs })).stdout;
  } catch {
    // There is none, which is the answer.
    return undefined;
  }
}
