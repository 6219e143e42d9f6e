import type { ExecutionError } from "./execution-error.ts";

/** Joins pieces of output, each of which starts on a line of its own. */
export class TextBlocks {
  readonly #pieces: string[] = [];

  add(text: string): void {
    if (text === "") return;
    const last = this.#pieces.at(-1);
    if (last !== undefined && !last.endsWith("\n")) this.#pieces.push("\n");
    this.#pieces.push(text);
  }

  /** The text so far, and an empty start again. */
  take(): string {
    return this.#pieces.splice(0).join("");
  }
}

/** An error as a terminal shows it: the traceback, then the name and the message unless the traceback has them. */
export function textFromError(error: ExecutionError): string {
  const summary = [error.name, error.message].filter((text) => text !== "").join(": ");
  const traceback = error.traceback.join("\n").trimEnd();
  if (traceback === "") return summary;
  // A syntax error's message says more than its traceback's last line, which still is the same sentence.
  const isSaid = traceback.includes(summary) || error.traceback.some((line) => line.startsWith(`${error.name}: `));
  return isSaid ? traceback : `${traceback}\n${summary}`;
}

/** What to say about output that was dropped at its limit. */
export function textFromTruncation(truncated: { readonly omittedBytes: number } | undefined): string {
  return truncated === undefined ? "" : `[${truncated.omittedBytes} bytes of output past maxOutputBytes were dropped]`;
}
