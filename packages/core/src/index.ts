export type {
  BoxUsage as SandboxUsage,
  ContextInfo,
  ContextStatus,
  ExecutionRecord,
  ExecutionStatus,
  FileInfo,
  Health,
  OutputLimit,
} from "@kernelbox/protocol";
export { Checkpoint } from "./contexts/checkpoint.ts";
export { CodeContext } from "./contexts/code-context.ts";
export type { ContextReference, CreateCodeContextOptions } from "./contexts/context-store.ts";
export type { Completion, Inspection, Variable } from "./contexts/kernel-questions.ts";
export type { KnownLanguage, Language } from "./contexts/language.ts";
export type { LateOutputEvent } from "./contexts/late-output.ts";
export type { InputRequest, RunCodeOptions, StreamCodeOptions } from "./contexts/run-options.ts";
export { AbortError } from "./errors/abort-error.ts";
export type { ErrorCode } from "./errors/error-code.ts";
export { KernelboxError, type KernelboxErrorOptions } from "./errors/kernelbox-error.ts";
export {
  type BarChart,
  type BarElement,
  type BoxAndWhiskerChart,
  type BoxAndWhiskerElement,
  type Chart,
  type ChartAxes,
  type ChartScale,
  type ChartValue,
  type ContentPart,
  Execution,
  type ExecutionError,
  type ExecutionEvent,
  type ExecutionEventJson,
  type ExecutionFiles,
  type ExecutionJson,
  type JsonValue,
  type LineChart,
  type Logs,
  type Outcome,
  type Output,
  type OutputJson,
  type OutputMessage,
  type PieChart,
  type PieElement,
  type PointElement,
  Result,
  type ResultJson,
  type ScatterChart,
  type SuperChart,
  type Table,
  type UnknownChart,
  type Usage,
  executionFromEvents,
  executionFromJson,
} from "./execution/index.ts";
export type { FileData } from "./files/file-data.ts";
export type { RecursiveOptions, WriteFileOptions } from "./files/files.ts";
export type { FileContent, FileEncoding, ReadFileOptions, ReadFileResult } from "./files/read-file.ts";
export type { ExposedJupyter } from "./jupyter/expose-jupyter.ts";
export { type Logger, silentLogger } from "./logger.ts";
export type { ExecOptions, ExecResult } from "./processes/exec.ts";
export type { ProgramResult, RunProgramOptions } from "./programs/run-program.ts";
export type { Box, BoxExit, BoxExitReason } from "./runtime/box.ts";
export { type BoxdPlaces, boxMarkVariable, boxdEnvironment, exitReasonFromCode } from "./runtime/boxd-contract.ts";
export { NameTakenError } from "./runtime/name-taken-error.ts";
export type {
  BoxInfo,
  BoxSpec,
  Limits,
  Mount,
  NetworkMode,
  Runtime,
  RuntimeCapabilities,
  WaitOptions,
} from "./runtime/runtime.ts";
export { setDefaultRuntime } from "./sandbox/default-runtime.ts";
export type {
  ConnectOptions,
  CreateSandboxOptions,
  ListSandboxesOptions,
  MountOptions,
} from "./sandbox/sandbox-options.ts";
export type { AcquireOptions, SandboxPoolOptions, SandboxPoolStatus } from "./sandbox/pool-options.ts";
export { type PooledSandboxOptions, SandboxPool } from "./sandbox/sandbox-pool.ts";
export { type ContextChoice, Sandbox, type SandboxInfo, getSandbox } from "./sandbox/sandbox.ts";
export type { KernelReadiness } from "./sandbox/kernel-readiness.ts";
