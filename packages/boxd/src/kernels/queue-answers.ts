import type { ExecuteOutcome } from "@kernelbox/protocol";
import type { Execution } from "./execution.ts";
import { type Rejection, errorContent, outcomeFromRejection } from "./made-outcomes.ts";
import { makeMessage, makeStatus } from "./make-message.ts";
import type { QueuePort } from "./queue-port.ts";
import type { Request } from "./waiting-line.ts";

/** Answers requests in the kernel's place. */
export class QueueAnswers {
  private readonly port: Pick<QueuePort, "publish" | "changed">;

  constructor(port: Pick<QueuePort, "publish" | "changed">) {
    this.port = port;
  }

  /** Ends a request that never reached the kernel. */
  reject(request: Request, rejected: Rejection, reason: string): void {
    clearTimeout(request.timer);
    const { execution } = request;
    if (!execution) return this.answer(request, errorContent("ContextLost", reason));
    const outcome = outcomeFromRejection(execution, rejected, reason);
    endExecution(execution, outcome);
    this.answer(request, { status: "aborted", reason }, outcome);
    this.port.changed();
  }

  /** Idle follows the reply, since clients wait for both. */
  answer(request: Request, content: Readonly<Record<string, unknown>>, outcome?: ExecuteOutcome): void {
    const { header, message } = request;
    const parentHeader = message.header;
    if (header.type.endsWith("_request")) {
      const type = `${header.type.slice(0, -"_request".length)}_reply`;
      const metadata = outcome && { kernelbox: outcome };
      this.port.publish("shell", makeMessage({ type, content, parentHeader, ...(metadata && { metadata }) }));
    }
    this.port.publish("iopub", makeStatus("idle", parentHeader));
  }
}

/** Notes how an execution ended. */
export function endExecution(execution: Execution, outcome: ExecuteOutcome): void {
  execution.state = "ended";
  execution.status = outcome.status;
}
