export { startKernelHost, type KernelHost, type KernelHostOptions } from "./kernel-host.ts";
export type {
  Adoption,
  Cell,
  CellError,
  CellIo,
  CellOutcome,
  CellStdin,
  Completeness,
  Completion,
  Evaluator,
  JsonValue,
  KernelInfo,
  MimeBundle,
  ProcessCopy,
  Variable,
} from "./evaluator.ts";
export { InputError } from "./input-error.ts";
export { besideKernel, runRunnerKernel, type RunnerKernelOptions } from "./runner/run-kernel.ts";
export { type RunnerEvaluator, startRunner } from "./runner/runner-evaluator.ts";
export type { RunnerGreeting } from "./runner/runner-greeting.ts";
export type { RunnerExit, RunnerOptions } from "./runner/runner-process.ts";
