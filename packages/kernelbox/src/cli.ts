#!/usr/bin/env node
import { runCommand } from "./cli/run-command.ts";

// A command prints; nothing else in Kernelbox does.
const controller = new AbortController();
process.once("SIGINT", () => controller.abort(new Error("interrupted")));
void runCommand(process.argv.slice(2), {
  print: (line) => void process.stdout.write(`${line}\n`),
  printError: (line) => void process.stderr.write(`${line}\n`),
  signal: controller.signal,
}).then((exitCode) => (process.exitCode = exitCode));
