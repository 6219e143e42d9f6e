import type { ExecutionRecord } from "@kernelbox/protocol";
import { type Execution, recordFromExecution } from "./execution.ts";

const maxExecutions = 200;
const maxCodeBytes = 4 * 1024 * 1024;

/** The executions of one context that are queued, running or ended not long ago, by the id of their request. */
export class ExecutionLog {
  private readonly executions = new Map<string, Execution>();
  private codeBytes = 0;

  add(execution: Execution): void {
    this.executions.set(execution.messageId, execution);
    this.codeBytes += execution.code.length;
    for (const [messageId, oldest] of this.executions) {
      const isFull = this.executions.size > maxExecutions || this.codeBytes > maxCodeBytes;
      if (!isFull) return;
      // One that has not ended is never forgotten: its output limit is still needed.
      if (oldest.state !== "ended") continue;
      this.executions.delete(messageId);
      this.codeBytes -= oldest.code.length;
    }
  }

  byMessageId(messageId: string): Execution | undefined {
    return this.executions.get(messageId);
  }

  /** Oldest first. */
  list(): readonly ExecutionRecord[] {
    return [...this.executions.values()].map(recordFromExecution);
  }
}
