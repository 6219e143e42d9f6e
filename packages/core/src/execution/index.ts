export type { ExecutionStatus } from "@kernelbox/protocol";
export type {
  BarChart,
  BarElement,
  BoxAndWhiskerChart,
  BoxAndWhiskerElement,
  Chart,
  ChartAxes,
  ChartScale,
  ChartValue,
  LineChart,
  PieChart,
  PieElement,
  PointElement,
  ScatterChart,
  SuperChart,
  UnknownChart,
} from "./chart.ts";
export { ExecutionCollector } from "./collect-execution.ts";
export type { ContentPart } from "./content.ts";
export type { ExecutionError } from "./execution-error.ts";
export type {
  ExecutionEvent,
  ExecutionEventJson,
  ExecutionFiles,
  Outcome,
  OutputMessage,
  Usage,
} from "./execution-event.ts";
export { executionFromEvents } from "./execution-from-events.ts";
export { executionFromJson } from "./execution-from-json.ts";
export { Execution, type ExecutionJson, type Logs, type Output, type OutputJson } from "./execution.ts";
export type { JsonValue } from "./mime-value.ts";
export { Result, type ResultJson, type Table } from "./result.ts";
