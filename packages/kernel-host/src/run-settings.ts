import type { CellStdin } from "./evaluator.ts";
import { asObject, type Request } from "./wire.ts";

/** What one run brings along, from `execute_request.metadata.kernelbox`. */
export type RunSettings = {
  readonly stdin: CellStdin;
  readonly env: Readonly<Record<string, string>>;
  readonly args: readonly string[];
};

/** Reads the settings; clients that know nothing of them give empty ones. */
export function runSettingsFrom(request: Request): RunSettings {
  const own = asObject(request.metadata["kernelbox"]);
  const env = Object.entries(asObject(own["env"])).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const args = Array.isArray(own["args"]) ? own["args"] : [];
  return {
    stdin: stdinFrom(asObject(own["stdin"]), request.content["allow_stdin"] === true),
    env: Object.fromEntries(env),
    args: args.filter((argument): argument is string => typeof argument === "string"),
  };
}

function stdinFrom(stdin: Readonly<Record<string, unknown>>, allowed: boolean): CellStdin {
  if (stdin["type"] === "text" && typeof stdin["text"] === "string") return { type: "text", text: stdin["text"] };
  return allowed && stdin["type"] !== "none" ? { type: "ask" } : { type: "none" };
}
