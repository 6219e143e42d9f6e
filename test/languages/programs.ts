import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeContext, Execution } from "kernelbox";

/** A program as a sequence of cells, and all that it shows. */
export type LanguageProgram = {
  readonly name: string;
  readonly cells: readonly string[];
  readonly expected: string;
  /** Commands that it runs, which not every machine has. */
  readonly needs: readonly string[];
};

/** The languages that have programs: each has a directory. */
export function languagesWithPrograms(): readonly string[] {
  const entries = readdirSync(import.meta.dirname, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

/**
 * The programs of a language: files in its directory. A comment `%%` stands between two cells, and `needs: a b` in the
 * first line. Beside each is what it shows, with `=> ` before results.
 */
export function programsOf(language: string): readonly LanguageProgram[] {
  const directory = join(import.meta.dirname, language);
  const files = readdirSync(directory).filter((file) => !file.endsWith(".out"));
  return files.map((file) => {
    const source = readFileSync(join(directory, file), "utf8");
    const name = file.slice(0, file.lastIndexOf("."));
    return {
      name: name.replaceAll("-", " "),
      cells: source.split(/^\S+ %%\n/m),
      expected: readFileSync(join(directory, `${name}.out`), "utf8"),
      needs: /^\S+ needs: (.*)\n/.exec(source)?.[1]?.split(" ") ?? [],
    };
  });
}

/** Runs the cells one after the other; gives all that they have shown. A cell that fails is a part of that. */
export async function runProgram(program: LanguageProgram, context: CodeContext): Promise<string> {
  let shown = "";
  for (const cell of program.cells) {
    const execution = await context.runCode(cell);
    shown += textOf(execution);
    if (execution.status !== "ok") break;
  }
  return shown;
}

function textOf(execution: Execution): string {
  return execution.outputs
    .map((output) => {
      if (output.type === "result") return `=> ${output.result.text ?? JSON.stringify(output.result.json)}\n`;
      if (output.type === "error") return `${output.error.name}: ${output.error.message}\n`;
      return output.type === "stderr" ? `stderr: ${output.text}` : output.text;
    })
    .join("");
}
