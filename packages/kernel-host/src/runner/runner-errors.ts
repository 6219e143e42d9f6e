import type { CellError } from "../evaluator.ts";
import type { RunnerExit } from "./runner-process.ts";

/** This runner cannot copy itself for another host. */
export class CopyUnsupported extends Error {
  override readonly name: string = "CapabilityUnsupported";

  constructor(languageVersion: string) {
    super(`the runner (${languageVersion}) cannot make copies of itself`);
  }
}

const fromBefore = "variables are as they were before this cell";

/** The error of a cell that ended because it was asked to. */
export const interruptedError: CellError = {
  name: "ExecutionInterrupted",
  message: "the cell was interrupted",
  traceback: [],
};

/** The same, where only the process's end helped. */
export const killedError: CellError = {
  ...interruptedError,
  message: `the cell was interrupted; it did not react, so its process was ended: ${fromBefore}`,
};

/** The error of a cell whose process ended by itself while a copy from before lives. */
export function crashError({ exitCode, signal }: RunnerExit): CellError {
  const how =
    signal === null ? (exitCode === null ? "ended" : `ended with exit code ${exitCode}`) : `died of ${signal}`;
  const message = `the process that ran the cell ${how}; ${fromBefore}`;
  return { name: "RunnerCrashed", message, traceback: [`RunnerCrashed: ${message}`] };
}

/** An error from a frame's fields: name, message, line (or nothing) and traceback. */
export function errorFromFields([
  name = "Error",
  message = "",
  line = "",
  traceback = "",
]: readonly string[]): CellError {
  const lines = traceback === "" ? [message === "" ? name : `${name}: ${message}`] : traceback.split("\n");
  return { name, message, traceback: lines, ...(line === "" ? {} : { lineNumber: Number(line) }) };
}
