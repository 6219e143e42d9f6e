import { Script } from "node:vm";
import { LineStarts } from "./line-starts.ts";

const prefix = "(async()=>{";
const name = "kernelbox-syntax-check";

/** Whether V8 can parse code that our own parser cannot: new syntax, or very deep nesting. */
export function isAcceptedByV8(source: string): boolean {
  try {
    compile(source);
    return true;
  } catch {
    return false; // Also where it runs out of stack.
  }
}

function compile(source: string): void {
  // Only compiled, never run. As a function, because a plain script has no `await` at its top.
  Reflect.construct(Script, [`${prefix}${source}\n})`, { filename: name }]);
}

/**
 * What V8 says about code that does not parse, if it is about the code itself.
 *
 * @param stopped - The offset where our own parser stopped. V8 stops at the first import, since to it this is a script:
 * in code that has one it is believed only about the same line.
 */
export function v8SyntaxError(
  source: string,
  stopped: number,
): { readonly message: string; readonly offset: number } | undefined {
  try {
    compile(source);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined;
    // `name:LINE`, the line, the carets, an empty line, `SyntaxError: …`.
    const match = /^kernelbox-syntax-check:(\d+)\n.*\n([ \t]*)\^/.exec(error.stack ?? "");
    const line = Number(match?.[1]);
    const lines = new LineStarts(source);
    const hasModuleSyntax = /\b(?:im|ex)port\b/.test(source);
    if (match === null || (hasModuleSyntax && line !== lines.positionOf(stopped).line)) return undefined;
    const column = (match[2]?.length ?? 0) - (line === 1 ? prefix.length : 0);
    const offset = lines.offsetOf({ line, column: Math.max(0, column) });
    // Behind its end it is about the brackets that we put around.
    return offset === undefined ? undefined : { message: error.message, offset };
  }
}
