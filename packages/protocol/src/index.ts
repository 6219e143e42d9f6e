export {
  type BoxUsage,
  type BoxdConfig,
  type BoxdConfigInput,
  type Health,
  boxMarkVariable,
  boxUsageSchema,
  boxdConfigSchema,
  boxdExitCodes,
  healthSchema,
} from "./box.ts";
export {
  type BoxControlFrame,
  type ClientControlFrame,
  boxControlFrameSchema,
  clientControlFrameSchema,
  resumableSubprotocol,
  sequenceHeaderBytes,
} from "./channel.ts";
export {
  type CheckpointInfo,
  type ContextInfo,
  type ContextStatus,
  type CreateCheckpointRequest,
  type CreateContextRequest,
  type ForkContextRequest,
  type InterruptRequest,
  type InterruptResponse,
  type RestoreRequest,
  checkpointInfoSchema,
  contextInfoSchema,
  contextStatusSchema,
  createCheckpointRequestSchema,
  createContextRequestSchema,
  forkContextRequestSchema,
  interruptRequestSchema,
  interruptResponseSchema,
  restoreRequestSchema,
} from "./context.ts";
export {
  type ExecuteOptions,
  type ExecuteOutcome,
  type ExecutionRecord,
  type ExecutionStatus,
  type ExecutionUsage,
  type OutputLimit,
  defaultOutputLimit,
  executeOptionsSchema,
  executeOutcomeSchema,
  executionRecordSchema,
  executionStatusSchema,
  outputLimitSchema,
  usageSchema,
} from "./execution.ts";
export { type Failure, type FailureCode, failureCodeSchema, failureSchema } from "./failure.ts";
export { type FileInfo, fileInfoSchema } from "./files.ts";
export { chartMimeType, stringMimeType, tableMimeType } from "./mime.ts";
export {
  type ProcessEvent,
  type StartProcessRequest,
  processEventSchema,
  startProcessRequestSchema,
} from "./processes.ts";
export { type ProgramRecipe, programRecipeSchema } from "./programs.ts";
export { protocolVersion } from "./version.ts";
