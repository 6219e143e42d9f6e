import { setTimeout as pause } from "node:timers/promises";
import { type CodeContext, type Runtime, Sandbox, SandboxPool } from "kernelbox";
import { memoryOfAll } from "../host-processes.ts";
import type { Kernel, KernelPool, Run, RunOptions, Subject } from "../subject.ts";

/** Ours, as a user has it. The output limit is raised, since one row prints 100 MB. */
export function kernelbox(runtime: Runtime, language?: string, image?: string): Subject {
  const options = { runtime, timeoutMs: 300_000, ...(image !== undefined && { image }) };
  return {
    name: "Kernelbox",
    open: async () => kernelOf(await Sandbox.create(options), language),
    openPool: () => openPool(runtime, language),
  };
}

function kernelOf(sandbox: Sandbox, language: string | undefined): Kernel {
  return {
    run: (code, options) => run(sandbox, code, { ...options, language }),
    close: () => sandbox.stop(),
    memoryMb: () => memoryOfAll(sandbox.id),
    openAnother: async (options = {}) =>
      kernelOfContext(sandbox, await sandbox.createCodeContext({ ...options, language })),
  };
}

function kernelOfContext(sandbox: Sandbox, context: CodeContext): Kernel {
  return {
    run: (code, options) => run(context, code, options ?? {}),
    close: () => context.delete(),
    memoryMb: () => memoryOfAll(sandbox.id),
    fork: async () => kernelOfContext(sandbox, await context.fork()),
  };
}

async function openPool(runtime: Runtime, language = "python"): Promise<KernelPool> {
  const pool = await SandboxPool.create({ size: 2, warm: [language], sandbox: { runtime } });
  return {
    acquire: async () => kernelOf(await pool.acquire(), language),
    full: async () => {
      for (;;) {
        const { ready, creating } = pool.status();
        if (ready === pool.size && creating === 0) return;
        await pause(20);
      }
    },
    close: () => pool.close(),
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
