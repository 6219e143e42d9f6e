import { fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { CellIo, CellStdin } from "../evaluator.ts";
import { InputError } from "../input-error.ts";
import { readNow } from "./pipe-reader.ts";
import { type FileIdentity, findWaitingReader } from "./process-files.ts";
import { openStdinWriter } from "./runner-pipes.ts";

/** What a {@link RunnerStdin} works with. */
export type RunnerStdinOptions = {
  /** Our reading end of the pipe. */
  readonly pipe: number;
  readonly stdin: CellStdin;
  readonly io: CellIo;
  /** Takes what the code has said by now: it may have announced the question, and gone on to wait, just before. */
  readonly drainEvents: () => void;
};

/** What the code has announced of its next question. */
export type Prompt = { readonly text: string; readonly password: boolean };

const noPrompt: Prompt = { text: "", password: false };

/** The standard input of one run. Nobody tells us that code wants to read: it is seen to wait. */
export class RunnerStdin {
  /** Of the next question. */
  prompt: Prompt = noPrompt;
  readonly #options: RunnerStdinOptions;
  readonly #file: FileIdentity;
  readonly #writer: Socket;
  #lastAsked = "";
  #isAsking = false;

  constructor(options: RunnerStdinOptions) {
    this.#options = options;
    this.#file = fstatSync(options.pipe);
    this.#writer = new Socket({ fd: openStdinWriter(options.pipe), readable: false, writable: true });
    // Whoever closed the reading end does not want the rest.
    this.#writer.on("error", () => this.#writer.destroy());
    if (options.stdin.type === "text") this.#writer.end(options.stdin.text);
  }

  /** Looks whether something under this process waits for input, and gives it some. Its own `select` may not count. */
  look(pid: number, selects = true): void {
    if (this.#options.stdin.type === "text" || this.#isAsking || this.#writer.writableEnded) return;
    const reader = findWaitingReader(pid, this.#file, selects);
    if (reader === undefined) return;
    // One that has not run since it was answered still has the answer before it.
    const wait = `${reader.thread} ${reader.turns}`;
    if (wait === this.#lastAsked) return;
    this.#lastAsked = wait;
    this.#isAsking = true;
    void this.#answer().finally(() => (this.#isAsking = false));
  }

  /** Whoever reads now or later gets an end of file. What was not read is gone. */
  close(): void {
    this.#writer.destroy();
    const scratch = Buffer.allocUnsafe(64 * 1024);
    while (readNow(this.#options.pipe, scratch).length > 0);
  }

  async #answer(): Promise<void> {
    this.#options.drainEvents();
    if (this.#writer.destroyed) return;
    const { text, password } = this.prompt;
    this.prompt = noPrompt;
    try {
      const line = await this.#options.io.input(text, password);
      if (this.#writer.writable) this.#writer.write(`${line}\n`);
    } catch (error) {
      const isRefused = error instanceof InputError && error.reason === "none";
      if (isRefused) this.#options.io.write("stderr", `${error.message}\n`);
      this.#writer.end();
    }
  }
}
