import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A program of `test/programs`, as another process. */
export type Program = {
  readonly process: ChildProcess;
  /** The first line that begins like this. */
  said(beginning: string): Promise<string>;
  /** The last line that it wrote, once it ended well. */
  lastLine(): Promise<string>;
  kill(): Promise<void>;
  /** Ends it if it runs. */
  end(): Promise<void>;
};

/** Starts a program with the runtime's name and more arguments. */
export function runProgram(file: string, runtimeName: string, more: readonly string[]): Program {
  const path = fileURLToPath(new URL(`../programs/${file}`, import.meta.url));
  const child = spawn(
    process.execPath,
    ["--conditions=@kernelbox/source", "--import", import.meta.resolve("tsx"), path, runtimeName, ...more],
    { stdio: ["pipe", "pipe", "pipe"] },
  );
  let output = "";
  let problems = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (problems += text));
  const ended = once(child, "close").then(([code, signal]: (number | string | null)[]) => ({ code, signal }));

  const lines = (): readonly string[] => output.split("\n").slice(0, -1);
  return {
    process: child,
    said: async (beginning) => {
      for (;;) {
        const line = lines().find((each) => each.startsWith(beginning));
        if (line !== undefined) return line;
        const end = await Promise.race([once(child.stdout, "data").then(() => undefined), ended]);
        if (end !== undefined && !lines().some((each) => each.startsWith(beginning))) {
          throw new Error(`${file} ended (${JSON.stringify(end)}) without saying ${beginning}: ${output}${problems}`);
        }
      }
    },
    lastLine: async () => {
      const { code } = await ended;
      if (code !== 0) throw new Error(`${file} ended with ${String(code)}: ${problems}`);
      return lines().at(-1) ?? "";
    },
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
      await ended;
    },
  };
}
