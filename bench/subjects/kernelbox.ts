import { type CodeContext, type Runtime, Sandbox } from "kernelbox";
import type { Kernel, Run, RunOptions, Subject } from "../subject.ts";

/** Ours, as a user has it. The output limit is raised, since one row prints 100 MB. */
export function kernelbox(runtime: Runtime, language?: string): Subject {
  return {
    name: "Kernelbox",
    open: async (): Promise<Kernel> => {
      const sandbox = await Sandbox.create({ runtime, timeoutMs: 300_000 });
      return {
        run: (code, options) => run(sandbox, code, { ...options, language }),
        close: () => sandbox.stop(),
        openAnother: async () => {
          const context = await sandbox.createCodeContext({ language });
          return { run: (code, options) => run(context, code, options ?? {}), close: () => context.delete() };
        },
      };
    },
  };
}

type Runner = Pick<Sandbox, "runCode"> | Pick<CodeContext, "runCode">;
type OwnRunOptions = RunOptions & { readonly language?: string | undefined };

async function run(runner: Runner, code: string, { onStdout, language }: OwnRunOptions): Promise<Run> {
  const execution = await runner.runCode(code, {
    ...(language === undefined ? {} : { language }),
    maxOutputBytes: { text: 512 * 1024 * 1024, rich: 32 * 1024 * 1024 },
    ...(onStdout === undefined ? {} : { onStdout: ({ text }) => onStdout(text) }),
  });
  if (execution.error !== undefined)
    throw new Error(`a cell failed: ${execution.error.name}: ${execution.error.message}`);
  return { text: execution.text };
}
