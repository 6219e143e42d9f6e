import type { Execution } from "./execution.ts";
import type { Turn } from "./turn.ts";
import type { HeaderFields, WireMessage } from "./wire.ts";

/** A client's request on its way to the kernel. */
export type Request = {
  readonly header: HeaderFields;
  readonly message: WireMessage;
  execution?: Execution;
  /** Ends its wait. */
  timer?: NodeJS.Timeout;
};

/** Something that waits for the kernel to be free. */
export type Waiting = Request | Turn;

/** What waits for the kernel, in order. */
export class WaitingLine {
  private waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.waiting.length === 0;
  }

  get first(): Waiting | undefined {
    return this.waiting[0];
  }

  add(added: Waiting): void {
    this.waiting.push(added);
  }

  removeFirst(): void {
    this.waiting.shift();
  }

  /** False: it did not wait any more. */
  remove(removed: Waiting): boolean {
    const before = this.waiting.length;
    this.waiting = this.waiting.filter((waiting) => waiting !== removed);
    return this.waiting.length < before;
  }

  requests(): readonly Request[] {
    return this.waiting.filter(isRequest);
  }

  /** Takes out the request of an execution, if it waits. */
  takeOut(executionId: string | undefined): Request | undefined {
    const found = this.requests().find(({ execution }) => execution !== undefined && execution.id === executionId);
    if (found) this.remove(found);
    return found;
  }

  /** Takes out all that makes no sense without the kernel. */
  removeBound(): readonly Waiting[] {
    const bound = this.waiting.filter((waiting) => isRequest(waiting) || !waiting.survivesLoss);
    this.waiting = this.waiting.filter((waiting) => !bound.includes(waiting));
    return bound;
  }
}

/** Whether it is a client's. */
export function isRequest(waiting: Waiting): waiting is Request {
  return "header" in waiting;
}
