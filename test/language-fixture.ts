import { type CodeContext, type Execution, Sandbox } from "kernelbox";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from "vitest";
import { type LanguageRuntime, languageRuntimes } from "./language-runtimes.ts";

/** What the tests of one language and runtime share. */
export type LanguageFixture = LanguageRuntime & {
  /** The file's sandbox. */
  readonly sandbox: Sandbox;
  /** A context of this test's own. */
  readonly context: CodeContext;
  /** Runs a cell in it. */
  readonly run: CodeContext["runCode"];
  /** Runs cells in it, one after the other: none may fail or warn, and each has this text. */
  expectTexts(cells: readonly (readonly [code: string, text: string | undefined])[]): Promise<void>;
};

/** Declares the tests of a language's own once for each runtime that has it. */
export function describeLanguage(language: string, title: string, body: (fixture: LanguageFixture) => void): void {
  describe.each(languageRuntimes(language))(`${title} on $name`, (underTest) => {
    let sandbox: Sandbox | undefined;
    let context: CodeContext | undefined;
    const there = <T>(made: T | undefined): T => {
      if (made === undefined) throw new Error("it is there in tests only, and could be made");
      return made;
    };

    beforeAll(async () => {
      const { runtime, image } = underTest;
      sandbox = await Sandbox.create({ runtime, ...(image !== undefined && { image }) });
    });
    afterAll(() => sandbox?.stop());
    beforeEach(async () => {
      context = await there(sandbox).createCodeContext({ language });
    });
    afterEach(() => context?.delete());

    body({
      ...underTest,
      get sandbox() {
        return there(sandbox);
      },
      get context() {
        return there(context);
      },
      run: (...call) => there(context).runCode(...call),
      expectTexts: async (cells) => {
        for (const [code, expected] of cells) {
          const { error, text, logs } = await there(context).runCode(code);
          expect([code, error, text, logs.stderr]).toEqual([code, undefined, expected, []]);
        }
      },
    });
  });
}

/** All that a cell has written to stdout. */
export function stdoutOf(execution: Execution): string {
  return execution.logs.stdout.join("");
}

/** All that a cell has written to stderr. */
export function stderrOf(execution: Execution): string {
  return execution.logs.stderr.join("");
}
