import { fileURLToPath } from "node:url";

// The whole kernel of this thread is one file when it runs. A cell may replace any global: what is used is held here.
const kernelFile = fileURLToPath(import.meta.url);
const { toString: errorToString } = Error.prototype;
const { apply } = Reflect;
const { includes } = String.prototype;
const text = String;

/** Hides the kernel's own frames in every `error.stack`; the rest is as V8 writes it. */
export function hideKernelFrames(): void {
  Object.defineProperty(Error, "prepareStackTrace", {
    configurable: true,
    writable: true,
    value: (error: Error, frames: readonly unknown[]) => {
      let stack = headerOf(error);
      for (let index = 0; index < frames.length; index += 1) {
        const frame = text(frames[index]);
        if (isOfKernel(frame)) break;
        stack += `\n    at ${frame}`;
      }
      return stack;
    },
  });
}

/** Whether a line of a stack is of the kernel or of what it calls: from there on outwards nothing is the user's. */
export function isOfKernel(frame: string): boolean {
  return has(frame, kernelFile) || has(frame, "node:inspector");
}

function headerOf(error: Error): string {
  try {
    return apply(errorToString, error, []);
  } catch {
    // Its name or message is a getter that throws.
    return "Error";
  }
}

function has(line: string, part: string): boolean {
  return apply(includes, line, [part]);
}
