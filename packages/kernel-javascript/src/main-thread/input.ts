import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { Readable } from "node:stream";
import type { InputAnswer } from "../threads/messages.ts";
import type { Link } from "./link.ts";
import { currentRun, type Run } from "./run.ts";

/** What a cell gets where nobody answers. */
export class StdinError extends Error {
  override readonly name = "StdinError";
}

/** Long enough for code that took a line to say that it wants no other one. */
const secondThoughtMs = 15;

/** Makes `prompt()`, `process.stdin` and reads of file descriptor 0 ask the user, or read the run's text. */
export function replaceInput(link: Link): void {
  const streams = new WeakMap<Run, CellInput>();
  const streamOf = streams.get.bind(streams);
  const keepStream = streams.set.bind(streams);
  Object.defineProperty(process, "stdin", {
    configurable: true,
    enumerable: true,
    get: () => {
      const run = currentRun();
      let stream = streamOf(run);
      if (stream === undefined) keepStream(run, (stream = new CellInput(run, link)));
      return stream;
    },
  });
  Object.defineProperty(globalThis, "prompt", {
    value: (message = "", preset?: string) => {
      const line = lineFrom(link.askAndWait(currentRun().id, message, false));
      return line === "" && preset !== undefined ? preset : line;
    },
    writable: true,
    configurable: true,
  });
  readDescriptorThrough(link);
}

/** `fs.readFileSync(0)`, the usual way to read all of stdin at once. */
function readDescriptorThrough(link: Link): void {
  const readFileSync = fs.readFileSync;
  const replacement = (path: unknown, options?: unknown): unknown => {
    if (path !== 0 && path !== "/dev/stdin") return readFileSync(path as string, options as BufferEncoding);
    const run = currentRun();
    let text = "";
    for (let line = lineFrom(link.askAndWait(run.id, "", false)); line !== null;) {
      text += `${line}\n`;
      // A user who is asked has no way to say that this was all.
      line = run.stdin === "text" ? lineFrom(link.askAndWait(run.id, "", false)) : null;
    }
    const encoding = typeof options === "string" ? options : (options as { encoding?: unknown } | null)?.encoding;
    return encoding === undefined || encoding === null
      ? Buffer.from(text)
      : Buffer.from(text).toString(encoding as BufferEncoding);
  };
  Object.defineProperty(replacement, "name", { value: "readFileSync" });
  (fs as { readFileSync: unknown }).readFileSync = replacement;
  syncBuiltinESMExports();
}

class CellInput extends Readable {
  readonly fd: number = 0;
  readonly #run: Run;
  readonly #link: Link;
  #hasAsked = false;

  constructor(run: Run, link: Link) {
    super({ highWaterMark: 1 });
    this.#run = run;
    this.#link = link;
  }

  override _read(): void {
    if (this.#run.stdin === "ask" && this.#hasAsked) setTimeout(() => this.#askIfWanted(), secondThoughtMs);
    else this.#ask();
  }

  /** The user is not asked for lines that the code does not want: it may have closed its reader by now. */
  #askIfWanted(): void {
    if (this.readableFlowing === true || this.listenerCount("readable") > 0) this.#ask();
    else this.once("resume", () => this.#ask());
  }

  #ask(): void {
    if (this.destroyed || !this.#run.isRunning) return;
    this.#hasAsked = true;
    this.#link.ask(this.#run.id, "", false, (answer) => {
      if (!("failure" in answer)) this.push(answer.line === null ? null : `${answer.line}\n`);
      // Readers of this stream wait for ever, so the cell itself has to fail.
      else if (answer.failure.reason === "none") this.#run.fail(new StdinError(answer.failure.message));
    });
  }
}

function lineFrom(answer: InputAnswer): string | null {
  if ("failure" in answer) throw new StdinError(answer.failure.message);
  return answer.line;
}
