export { AbortError } from "./errors/abort-error.ts";
export type { ErrorCode } from "./errors/error-code.ts";
export { KernelboxError, type KernelboxErrorOptions } from "./errors/kernelbox-error.ts";
export { type Logger, silentLogger } from "./logger.ts";
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
