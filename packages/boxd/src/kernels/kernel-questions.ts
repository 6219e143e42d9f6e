import { FailureError } from "../failure-error.ts";
import type { KernelMessage } from "./kernel.ts";
import { type WireMessage, fieldsFromHeader } from "./wire.ts";

type Asked = { readonly resolve: (content: Buffer) => void; readonly reject: (error: Error) => void };

/** A kernel that ignores a question must not hold up whoever asks for ever. */
const patienceMs = 10_000;

/** What boxd asks a kernel in its own name, which is no client's business. */
export class KernelQuestions {
  private readonly asked = new Map<string, Asked>();
  private readonly sendToShell: (message: WireMessage) => void;

  constructor(sendToShell: (message: WireMessage) => void) {
    this.sendToShell = sendToShell;
  }

  /** Resolves with the content of the reply. Rejects with `context-lost` when none comes. */
  ask(message: WireMessage): Promise<Buffer> {
    const { messageId } = fieldsFromHeader(message.header);
    return new Promise<Buffer>((resolve, reject) => {
      const fail = (): void => this.settle(messageId)?.reject(lost("the kernel did not answer"));
      const timer = setTimeout(fail, patienceMs);
      this.asked.set(messageId, {
        resolve: (content) => {
          clearTimeout(timer);
          resolve(content);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      this.sendToShell(message);
    });
  }

  /** True when the message belongs to a question. */
  receive({ channel, message, parent }: KernelMessage): boolean {
    const { messageId } = parent;
    if (!this.asked.has(messageId)) return false;
    if (channel === "shell") this.settle(messageId)?.resolve(message.content);
    return true;
  }

  /** The kernel is gone. */
  rejectAll(reason: string): void {
    for (const messageId of [...this.asked.keys()]) this.settle(messageId)?.reject(lost(reason));
  }

  private settle(messageId: string): Asked | undefined {
    const asked = this.asked.get(messageId);
    this.asked.delete(messageId);
    return asked;
  }
}

function lost(reason: string): FailureError {
  return new FailureError("context-lost", reason);
}
