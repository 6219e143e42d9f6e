import { Dealer, Subscriber } from "zeromq";
import { memoryOfAll } from "../host-processes.ts";
import type { Kernel, Run, RunOptions } from "../subject.ts";
import { type WireMessage, framesOf, messageOf } from "./wire.ts";

const startTimeoutMs = 60_000;

type Running = {
  readonly id: string;
  readonly onStdout: ((text: string) => void) | undefined;
  readonly finish: (run: Run) => void;
  readonly fail: (error: Error) => void;
  text: string | undefined;
  idle: boolean;
  replied: boolean;
};

/** The process that a {@link RawKernel} talks to. */
export type RawKernelProcess = {
  /** Ends it; called by `close`, and where it cannot be connected to. */
  readonly end: () => Promise<void>;
  /** Stands in its environment, and in that of whatever it starts. */
  readonly mark: string;
};

/** A client of one kernel's ZeroMQ sockets with nothing in between. One cell at a time. */
export class RawKernel implements Kernel {
  readonly #shell = new Dealer({ linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 });
  readonly #iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  readonly #key: string;
  readonly #end: () => Promise<void>;
  readonly #mark: string;
  readonly #loops: Promise<void>[] = [];
  #running: Running | undefined;

  private constructor(key: string, { end, mark }: RawKernelProcess) {
    this.#key = key;
    this.#end = end;
    this.#mark = mark;
  }

  /** Resolves when the kernel publishes what it runs. */
  static async connect(shell: string, iopub: string, key: string, kernelProcess: RawKernelProcess): Promise<RawKernel> {
    const kernel = new RawKernel(key, kernelProcess);
    try {
      kernel.#shell.connect(shell);
      kernel.#iopub.connect(iopub);
      kernel.#iopub.subscribe();
      kernel.#loops.push(kernel.#read(kernel.#shell), kernel.#read(kernel.#iopub));
      await kernel.#becomeReady();
      return kernel;
    } catch (error) {
      await kernel.close();
      throw error;
    }
  }

  memoryMb(): number {
    return memoryOfAll(this.#mark);
  }

  run(code: string, options: RunOptions = {}): Promise<Run> {
    const content = {
      code,
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    };
    return this.#request("execute_request", content, options.onStdout);
  }

  async close(): Promise<void> {
    this.#shell.close();
    this.#iopub.close();
    await Promise.all(this.#loops);
    await this.#end();
  }

  /** A subscription may still be on its way when the first request is answered, so ask until an idle status arrives. */
  async #becomeReady(): Promise<void> {
    const end = Date.now() + startTimeoutMs;
    while (Date.now() < end) {
      const waiting = AbortSignal.timeout(Math.min(100, end - Date.now()));
      const ready = this.#request("kernel_info_request", {}, undefined).then(
        () => true,
        () => false,
      );
      const late = new Promise<boolean>((resolve) =>
        waiting.addEventListener("abort", () => resolve(false), { once: true }),
      );
      if (await Promise.race([ready, late])) return;
    }
    throw new Error(`the stock kernel did not answer within ${startTimeoutMs} ms`);
  }

  async #request(type: string, content: unknown, onStdout: ((text: string) => void) | undefined): Promise<Run> {
    const { id, frames } = framesOf(this.#key, type, content);
    const done = new Promise<Run>((finish, fail) => {
      this.#running = { id, onStdout, finish, fail, text: undefined, idle: false, replied: false };
    });
    await this.#shell.send(frames);
    return done;
  }

  async #read(socket: AsyncIterable<Buffer[]>): Promise<void> {
    for await (const frames of socket) this.#take(messageOf(frames));
  }

  #take({ type, parentId, content }: WireMessage): void {
    const running = this.#running;
    if (running === undefined || parentId !== running.id) return;
    if (type === "stream" && content["name"] === "stdout") running.onStdout?.(String(content["text"]));
    if (type === "execute_result") running.text = plainText(content);
    if (type === "error") running.fail(new Error(`${String(content["ename"])}: ${String(content["evalue"])}`));
    if (type === "status" && content["execution_state"] === "idle") running.idle = true;
    if (type.endsWith("_reply")) running.replied = true;
    if (running.idle && running.replied) running.finish({ text: running.text });
  }
}

function plainText(content: Readonly<Record<string, unknown>>): string | undefined {
  const data = content["data"];
  if (typeof data !== "object" || data === null || !("text/plain" in data)) return undefined;
  return String(data["text/plain"]);
}
