export {
  Execution,
  type ExecutionEvent,
  type ExecutionEventJson,
  type ExecutionJson,
  Result,
  type ResultJson,
  executionFromEvents,
  executionFromJson,
} from "@kernelbox/core/execution";
