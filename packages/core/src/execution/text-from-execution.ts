import { KernelboxError } from "../errors/kernelbox-error.ts";
import { contentFromOutputs } from "./content.ts";
import type { Output } from "./execution.ts";
import { TextBlocks } from "./text-blocks.ts";

/** The outputs as one text; see `Execution.toText`. */
export function textFromExecution(
  execution: {
    readonly outputs: readonly Output[];
    readonly truncated: { readonly omittedBytes: number } | undefined;
  },
  options: { readonly maxCharacters?: number },
): string {
  const { maxCharacters } = options;
  if (maxCharacters !== undefined && !(maxCharacters >= 0)) {
    throw new KernelboxError("invalid-argument", `maxCharacters is ${maxCharacters}; it must be 0 or more`, {
      details: { maxCharacters },
    });
  }
  const blocks = new TextBlocks();
  for (const part of contentFromOutputs(execution)) {
    blocks.add(part.type === "text" ? part.text : `[${part.mediaType}]`);
  }
  const text = blocks.take();
  return maxCharacters === undefined ? text : withoutMiddle(text, Math.floor(maxCharacters));
}

/** Cuts the middle out: the start says what was done, the end what came of it. Characters are UTF-16 code units. */
function withoutMiddle(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const room = maxCharacters - notice(text.length).length;
  if (room < 0) return text.slice(0, wholeCharacters(text, maxCharacters));
  const headEnd = wholeCharacters(text, Math.ceil(room / 2));
  const tailStart = afterHalf(text, text.length - Math.floor(room / 2));
  return text.slice(0, headEnd) + notice(tailStart - headEnd) + text.slice(tailStart);
}

function notice(omitted: number): string {
  return `\n[… ${omitted} characters left out …]\n`;
}

/** The place, or the one before it where it would cut a surrogate pair. */
function wholeCharacters(text: string, end: number): number {
  return isPairCut(text, end) ? end - 1 : end;
}

function afterHalf(text: string, start: number): number {
  return isPairCut(text, start) ? start + 1 : start;
}

function isPairCut(text: string, index: number): boolean {
  return index > 0 && index < text.length && (text.codePointAt(index - 1) ?? 0) > 0xffff;
}
