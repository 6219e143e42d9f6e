import { basename, extname } from "node:path/posix";

/** What stands for the placeholders of a recipe. */
export type ProgramPlaces = {
  /** Relative to the program's directory, as are the sources. */
  readonly main: string;
  readonly sources: readonly string[];
  /** Absolute. */
  readonly build: string;
};

/** A command of a recipe, with the program's places filled in. */
export function commandFrom(command: readonly string[], { main, sources, build }: ProgramPlaces): readonly string[] {
  const mainStem = main.slice(0, main.length - extname(main).length);
  return command.flatMap((argument) => {
    if (argument === "{sources}") return sources.map(asFile);
    return [
      argument
        .replaceAll("{mainName}", basename(mainStem))
        .replaceAll("{mainStem}", mainStem)
        .replaceAll("{main}", asFile(main))
        .replaceAll("{build}", build),
    ];
  });
}

/** No name of a file is an option. */
function asFile(path: string): string {
  return path.startsWith("-") ? `./${path}` : path;
}
