import { z } from "zod";

const commandSchema = z.array(z.string()).min(1);

/**
 * How whole programs of a language are compiled and run, as its kernelspec says in `metadata.kernelbox.program`. Commands
 * run in the program's directory. In them stand `{main}` for the main file, `{mainStem}` for that without
 * its extension, `{mainName}` without its directory as well, `{build}` for a directory that takes what the compiler makes, and, as an argument of its own, `{sources}` for
 * all source files.
 */
export const programRecipeSchema = z.object({
  /** What the files with source code end with, such as ".java". */
  sources: z.array(z.string()).min(1),
  /** Absent: nothing is compiled. */
  compile: commandSchema.optional(),
  run: commandSchema,
});
export type ProgramRecipe = z.infer<typeof programRecipeSchema>;
