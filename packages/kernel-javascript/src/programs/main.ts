import { compileProgram } from "./compile-program.ts";

// compile-program.cjs DIRECTORY FILE…: compiles the TypeScript files of the working directory into DIRECTORY.
const [directory = "", ...files] = process.argv.slice(2);
const { messages, success } = compileProgram(process.cwd(), directory, files);
process.stdout.write(messages);
process.exitCode = success ? 0 : 1;
