export { startKernelHost, type KernelHost, type KernelHostOptions } from "./kernel-host.ts";
export type {
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
  Variable,
} from "./evaluator.ts";
export { InputError } from "./input-error.ts";
