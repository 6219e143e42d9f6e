// The public names of `kernelbox`, frozen in packages/kernelbox/exports.txt. --update rewrites the file.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const file = join(root, "packages/kernelbox/exports.txt");
const entries = {
  kernelbox: "index",
  "kernelbox/docker": "docker",
  "kernelbox/local": "local",
  "kernelbox/execution": "execution",
};

const paths = Object.values(entries).map((name) => join(root, `packages/kernelbox/src/${name}.ts`));
const program = ts.createProgram(paths, {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  customConditions: ["@kernelbox/source"],
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
});
const checker = program.getTypeChecker();

function namesOf(path) {
  const source = program.getSourceFile(path);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${path} exports nothing`);
  return checker.getExportsOfModule(module).map((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (target.declarations === undefined) throw new Error(`${path} exports ${symbol.name}, which does not exist`);
    return `${target.flags & ts.SymbolFlags.Value ? "value" : "type"} ${symbol.name}`;
  });
}

const lines = Object.keys(entries).flatMap((entry, index) =>
  namesOf(paths[index])
    .toSorted()
    .map((name) => `${entry} ${name}`),
);
const current = `${lines.join("\n")}\n`;
if (process.argv.includes("--update")) {
  writeFileSync(file, current);
} else {
  const frozen = existsSync(file) ? readFileSync(file, "utf8") : "";
  const frozenLines = frozen.split("\n").filter((line) => line !== "");
  const added = lines.filter((line) => !frozenLines.includes(line));
  const removed = frozenLines.filter((line) => !lines.includes(line));
  for (const line of added) process.stdout.write(`+ ${line}\n`);
  for (const line of removed) process.stdout.write(`- ${line}\n`);
  if (added.length + removed.length > 0) {
    process.stderr.write(
      "The public names changed. If that is meant: node scripts/check-exports.mjs --update, and a changeset.\n",
    );
    process.exitCode = 1;
  }
}
