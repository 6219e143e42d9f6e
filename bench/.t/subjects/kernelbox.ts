import { type Runtime, Sandbox } from "@kernelbox/core";
import type { Kernel, Run, RunOptions, Subject } from "../subject.ts";

/** Ours, as a user has it. The output limit is raised, since one row prints 100 MB. */
export function kernelbox(runtime: Runtime): Subject {
  return {
    name: "Kernelbox",
    open: async (): Promise<Kernel> => {
      const sandbox = await Sandbox.create({ runtime, timeoutMs: 300_000 });
      return { run: (code, options) => run(sandbox, code, options), close: () => sandbox.stop() };
    },
  };
}

async function run(sandbox: Sandbox, code: string, options: RunOptions = {}): Promise<Run> {
  const { onStdout } = options;
  const execution = await sandbox.runCode(code, {
    maxOutputBytes: { text: 512 * 1024 * 1024, rich: 32 * 1024 * 1024 },
    ...(onStdout === undefined ? {} : { onStdout: ({ text }) => onStdout(text) }),
  });
  if (execution.error !== undefined)
    throw new Error(`a cell failed: ${execution.error.name}: ${execution.error.message}`);
  return { text: execution.text };
}
