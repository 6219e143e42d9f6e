import { dirname } from "node:path";
import type { CompilerOptions } from "typescript";
import type { TypeScript } from "./load-typescript.ts";

/** The compiler options of the `tsconfig.json` that is nearest to a directory, or none. A broken one counts as none. */
export function userCompilerOptions(typescript: TypeScript, cwd: string): CompilerOptions {
  const { sys } = typescript;
  const fileExists = (path: string): boolean => sys.fileExists(path);
  const readFile = (path: string): string | undefined => sys.readFile(path);
  const path = typescript.findConfigFile(cwd, fileExists);
  if (path === undefined) return {};
  const { config, error } = typescript.readConfigFile(path, readFile);
  if (error !== undefined) return {};
  const host = {
    useCaseSensitiveFileNames: sys.useCaseSensitiveFileNames,
    fileExists,
    readFile,
    // Only the options are wanted, not the project's files.
    readDirectory: () => [],
  };
  return typescript.parseJsonConfigFileContent(config, host, dirname(path), undefined, path).options;
}
