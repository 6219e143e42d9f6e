import { KernelboxError } from "../errors/kernelbox-error.ts";
import { ExecutionCollector } from "./collect-execution.ts";
import type { ExecutionEvent, ExecutionEventJson } from "./execution-event.ts";
import { resultFromJson } from "./execution-from-json.ts";
import type { Execution } from "./execution.ts";
import { Result } from "./result.ts";

/**
 * Collects events, as `streamCode` gives them or as they came through JSON, into the execution that `runCode` returns
 * for the same code.
 *
 * @throws KernelboxError `invalid-argument`: the events stop before the `end` event.
 */
export async function executionFromEvents(
  events: Iterable<ExecutionEvent | ExecutionEventJson> | AsyncIterable<ExecutionEvent | ExecutionEventJson>,
): Promise<Execution> {
  const collector = new ExecutionCollector();
  for await (const event of events) collector.add(eventFromJson(event));
  if (!collector.isEnded) {
    throw new KernelboxError("invalid-argument", "the events stop before the end event; read the stream to its end");
  }
  return collector.execution();
}

function eventFromJson(event: ExecutionEvent | ExecutionEventJson): ExecutionEvent {
  if (event.type !== "result" && event.type !== "result-update") return event;
  return { ...event, result: event.result instanceof Result ? event.result : resultFromJson(event.result) };
}
