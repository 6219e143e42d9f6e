import { type ProgramRecipe, programRecipeSchema } from "@kernelbox/protocol";
import { v7 as uuid } from "uuid";
import { z } from "zod";
import {
  callbackSchema,
  checkArgument,
  invalidArgument,
  signalSchema,
  timeoutSchema,
  variablesSchema,
} from "../check-argument.ts";
import type { Language } from "../contexts/language.ts";
import { withDeadline } from "../deadline.ts";
import type { FileData } from "../files/file-data.ts";
import type { Files } from "../files/files.ts";
import { type ExecOptions, type ExecResult, exec } from "../processes/exec.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import type { BoxConnection } from "../sandbox/box-connection.ts";
import { commandFrom } from "./program-command.ts";

/** A whole program, and how it runs. */
export type RunProgramOptions = WaitOptions & {
  readonly language: Language;
  /** Contents by path, relative to the program's directory, in which it runs. */
  readonly files: Readonly<Record<string, FileData>>;
  /** The file that begins. @default the only source file, or the one named `main` (or `Main`) */
  readonly main?: string | undefined;
  /** @default none */
  readonly args?: readonly string[] | undefined;
  /** All of the program's stdin; then comes end of file. @default empty */
  readonly stdin?: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** For the run alone. 0: none. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** 0: none. @default 120,000 */
  readonly compileTimeoutMs?: number | undefined;
  /** Gets what the running program prints, as it comes; a compiler's messages are in `compile`. */
  readonly onStdout?: ExecOptions["onStdout"];
  readonly onStderr?: ExecOptions["onStderr"];
};

/** How a program ended: its compilation and its run apart, each with output, exit code and usage. */
export type ProgramResult = {
  /** It compiled, ran, and exited with 0. */
  readonly success: boolean;
  /** Absent for languages that are not compiled. */
  readonly compile?: ExecResult;
  /** Absent where it did not compile. */
  readonly run?: ExecResult;
};

const defaultCompileTimeoutMs = 120_000;
const removalDeadlineMs = 10_000;
/** Not absolute, no directory, and without . and .. on the way. */
const relativePath = /^(?!\/)(?!(?:.*\/)?\.\.?(?:\/|$))[^\0]*[^/\0]$/;
const filesSchema = z.record(z.string(), z.unknown()).superRefine((files, context) => {
  const paths = Object.keys(files);
  const wrong = paths.find((path) => !relativePath.test(path));
  if (paths.length === 0) context.addIssue("a program has at least one file");
  if (wrong !== undefined) context.addIssue(`${JSON.stringify(wrong)} must be a relative path, without . and ..`);
});
const optionsSchema = z.strictObject({
  language: z.string().min(1),
  files: filesSchema,
  main: z.string().optional(),
  args: z.array(z.string()).optional(),
  stdin: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  env: variablesSchema,
  timeoutMs: timeoutSchema,
  compileTimeoutMs: timeoutSchema,
  onStdout: callbackSchema,
  onStderr: callbackSchema,
  signal: signalSchema,
});

/** Compiles and runs a whole program in a directory of its own, which is removed at the end. */
export async function runProgram(
  connection: BoxConnection,
  files: Files,
  options: RunProgramOptions,
): Promise<ProgramResult> {
  checkArgument(optionsSchema, options, "runProgram");
  const wait: WaitOptions = options.signal === undefined ? {} : { signal: options.signal };
  const recipe = await recipeOf(connection, options.language, wait);
  const sources = sourcesOf(options, recipe);
  const main = mainOf(options, sources);
  const directory = `/tmp/kernelbox-program-${uuid()}`;
  try {
    const build = `${directory}/build`;
    const cwd = `${directory}/program`;
    await files.makeDirectory(build, wait);
    for (const [path, data] of Object.entries(options.files)) await files.write(`${cwd}/${path}`, data, wait);
    const places = { main, build, sources };
    const compile =
      recipe.compile &&
      (await exec(connection, commandFrom(recipe.compile, places), {
        cwd,
        env: options.env,
        timeoutMs: options.compileTimeoutMs ?? defaultCompileTimeoutMs,
        ...wait,
      }));
    if (compile?.success === false) return { success: false, compile };
    const { env, stdin, timeoutMs, onStdout, onStderr } = options;
    const command = [...commandFrom(recipe.run, places), ...(options.args ?? [])];
    const run = await exec(connection, command, { cwd, env, stdin, timeoutMs, onStdout, onStderr, ...wait });
    return { success: run.success, ...(compile && { compile }), run };
  } finally {
    await remove(connection, files, directory);
  }
}

function recipeOf({ client }: BoxConnection, language: string, wait: WaitOptions): Promise<ProgramRecipe> {
  return client.json(programRecipeSchema, "GET", `/kernelbox/programs/${encodeURIComponent(language)}`, wait);
}

function sourcesOf({ files, language }: RunProgramOptions, recipe: ProgramRecipe): readonly string[] {
  const sources = Object.keys(files).filter((path) => recipe.sources.some((ending) => path.endsWith(ending)));
  if (sources.length > 0) return sources;
  throw invalidArgument(
    `runProgram: files: none is source code in ${language}; such a file ends with ${recipe.sources.join(" or ")}`,
  );
}

function mainOf({ main, files }: RunProgramOptions, sources: readonly string[]): string {
  if (main !== undefined) {
    if (Object.hasOwn(files, main)) return main;
    throw invalidArgument(`runProgram: main: ${JSON.stringify(main)} is not among the files`);
  }
  const [only] = sources;
  if (only !== undefined && sources.length === 1) return only;
  const named = uppermost(sources.filter((path) => /(?:^|\/)main\.[^./]+$/i.test(path)));
  const [first] = named;
  if (first !== undefined && named.length === 1) return first;
  const reason = named.length === 0 ? "None is named main" : `${named.join(" and ")} are named main`;
  throw invalidArgument(`runProgram: main: which of ${sources.join(", ")} begins? ${reason}`);
}

/** Those in the fewest directories. */
function uppermost(paths: readonly string[]): readonly string[] {
  const depth = (path: string): number => path.split("/").length;
  const least = Math.min(...paths.map(depth));
  return paths.filter((path) => depth(path) === least);
}

/** The result, or the error, is on its way; a directory that stays in /tmp is no reason to lose it. */
async function remove(connection: BoxConnection, files: Files, directory: string): Promise<void> {
  try {
    await withDeadline((signal) => files.delete(directory, { recursive: true, signal }), {
      timeoutMs: removalDeadlineMs,
    });
  } catch (error) {
    connection.logger.debug("a program's directory could not be removed", { directory, error: String(error) });
  }
}
