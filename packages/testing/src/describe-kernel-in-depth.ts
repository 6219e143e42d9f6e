import { type CodeContext, type CreateSandboxOptions, type Execution, Sandbox } from "@kernelbox/core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type Skip, skippableTest } from "./skippable-test.ts";

/** The code of each test of {@link describeKernelInDepth}, in the kernel's language. */
export type KernelDepthCells = {
  /** Defines a function, and something of the language's own (a class, a struct, an array). */
  readonly define: string;
  /** Writes `first 42` and a line end, with the function and what else was defined. */
  readonly use: string;
  /** Defines the function again, so that {@link KernelDepthCells.use} writes `second 42`. */
  readonly redefine: string;
  /** Sets a variable, fails, and would set it again. */
  readonly setAndFail: string;
  /** Writes that variable's value, `before`, and a line end. */
  readonly writeWhatWasSet: string;
  /** Writes `tick` and a line end, and then waits for ever, without computing. */
  readonly tickAndWait: string;
  /** Starts child processes: one writes `child out` and a line end to stdout, one `child err` and a line end to stderr. */
  readonly childProcesses: string;
  /** Shows the HTML `<b>bold</b>`, then writes `after` and a line end. */
  readonly html: string;
  /** Writes the lines `1` to `50000`. */
  readonly fiftyThousandLines: string;
  /** Writes `x` ten million times, and no line end. */
  readonly longLine: string;
  /** Writes each of its arguments, a line each. */
  readonly writeArguments: string;
  /** Writes the environment variable `RUN_ONLY` and a line end, or `unset` and a line end. */
  readonly writeRunOnly: string;
  /** Computes for at least a tenth of a second. */
  readonly compute: string;
  /** Ends with something that completion turns into `match`. */
  readonly completion: { readonly code: string; readonly match: string };
  /** Reads two lines and writes them with `+` between them and a line end. */
  readonly readTwice: string;
  /**
   * Ends the process that runs the cell, in the worst way. `kept`: the error's name, after which variables are as they were
   * before the cell. `lost`: the kernel is gone with it.
   */
  readonly crashes: readonly { readonly code: string; readonly outcome: "lost" | { readonly kept: string } }[];
};

/** Options of {@link describeKernelInDepth}. */
export type DescribeKernelInDepthOptions = {
  readonly language: string;
  readonly sandbox: CreateSandboxOptions;
  readonly cells: KernelDepthCells;
  readonly skip?: readonly Skip[];
  /** The time for each test. @default 60_000 */
  readonly timeoutMs?: number;
};

const mebibyte = 1024 * 1024;
const longLineLength = 10_000_000;

/** What every language of a box has to do beyond `describeKernel`, as tests. Each has a context of its own. */
export function describeKernelInDepth(name: string, options: DescribeKernelInDepthOptions): void {
  const { language, cells, skip = [], timeoutMs = 60_000 } = options;
  describe(`the kernel ${name} in depth`, () => {
    let shared: Sandbox | undefined;
    const { declare, finish } = skippableTest(skip, timeoutMs);
    beforeAll(async () => {
      shared = await Sandbox.create(options.sandbox);
    }, 180_000);
    afterAll(async () => {
      await shared?.stop();
    }, 60_000);

    const inContext = (body: (context: CodeContext, sandbox: Sandbox) => Promise<void>) => async (): Promise<void> => {
      if (shared === undefined) throw new Error("the sandbox was not created");
      const context = await shared.createCodeContext({ language });
      try {
        await body(context, shared);
      } finally {
        await context.delete();
      }
    };
    const stdoutOf = (execution: Execution): string => execution.logs.stdout.join("");

    declare(
      "functions and types are kept, and can be defined again",
      inContext(async (context) => {
        expect(await context.runCode(cells.define)).toMatchObject({ status: "ok" });
        expect(stdoutOf(await context.runCode(cells.use))).toBe("first 42\n");
        expect(await context.runCode(cells.redefine)).toMatchObject({ status: "ok" });
        expect(stdoutOf(await context.runCode(cells.use))).toBe("second 42\n");
      }),
    );

    declare(
      "an error in the middle keeps what came before",
      inContext(async (context) => {
        expect((await context.runCode(cells.setAndFail)).status).toBe("error");
        expect(stdoutOf(await context.runCode(cells.writeWhatWasSet))).toBe("before\n");
      }),
    );

    declare(
      "output comes while the cell runs, and a cell that waits is interrupted",
      inContext(async (context) => {
        const execution = await context.runCode(cells.tickAndWait, { onStdout: () => context.interrupt() });
        expect(execution).toMatchObject({ status: "interrupted", contextState: "kept" });
        expect(stdoutOf(execution)).toContain("tick\n");
      }),
    );

    declare(
      "the output of child processes arrives, each stream apart",
      inContext(async (context) => {
        const { logs } = await context.runCode(cells.childProcesses);
        expect(logs.stdout.join("")).toBe("child out\n");
        expect(logs.stderr.join("")).toBe("child err\n");
      }),
    );

    declare(
      "HTML is a result, in its place before what comes after",
      inContext(async (context) => {
        const { outputs, results } = await context.runCode(cells.html);
        expect(outputs.map(({ type }) => type)).toEqual(["result", "stdout"]);
        expect(results[0]?.html).toBe("<b>bold</b>");
      }),
    );

    declare(
      "50,000 lines arrive complete and in order",
      inContext(async (context) => {
        const lines = stdoutOf(await context.runCode(cells.fiftyThousandLines)).split("\n");
        const wrong = lines.findIndex((line, index) => line !== (index === 50_000 ? "" : `${index + 1}`));
        expect({ lines: lines.length, wrong: wrong === -1 ? "none" : lines.slice(wrong, wrong + 3) }).toEqual({
          lines: 50_001,
          wrong: "none",
        });
      }),
    );

    declare(
      "10 MB in one line arrive complete",
      inContext(async (context) => {
        const execution = await context.runCode(cells.longLine, { maxOutputBytes: { text: 16 * mebibyte } });
        const text = stdoutOf(execution);
        // Compared as a whole, a difference would be printed as a whole.
        expect([text.length, /^x*$/.test(text)]).toEqual([longLineLength, true]);
      }),
    );

    declare(
      "arguments and environment belong to one run",
      inContext(async (context) => {
        const args = ["one", "two words", "日本", "-n"];
        expect(stdoutOf(await context.runCode(cells.writeArguments, { args }))).toBe(`${args.join("\n")}\n`);
        expect(stdoutOf(await context.runCode(cells.writeArguments))).toBe("");
        const env = { RUN_ONLY: 'a "value"' };
        expect(stdoutOf(await context.runCode(cells.writeRunOnly, { env }))).toBe('a "value"\n');
        expect(stdoutOf(await context.runCode(cells.writeRunOnly))).toBe("unset\n");
      }),
    );

    declare(
      "each question has its answer, and what stdin has left does not reach the next cell",
      inContext(async (context) => {
        const answers = ["a", "b"];
        const asked = await context.runCode(cells.readTwice, { onInput: () => answers.shift() ?? "too many" });
        expect(stdoutOf(asked)).toContain("a+b\n");
        const stdin = "one\ntwo\nthree\nfour\n";
        expect(stdoutOf(await context.runCode(cells.readTwice, { stdin }))).toContain("one+two\n");
        expect(stdoutOf(await context.runCode(cells.readTwice, { stdin: "1\n2\n" }))).toContain("1+2\n");
      }),
    );

    declare(
      "where nobody answers, reading ends, and says why",
      inContext(async (context) => {
        const { logs, error } = await context.runCode(cells.readTwice);
        expect(`${logs.stderr.join("")}${error?.message ?? ""}`).toContain("neither onInput nor stdin");
      }),
    );

    declare(
      "the time and memory of a run are measured",
      inContext(async (context) => {
        const { usage } = await context.runCode(cells.compute);
        expect(usage?.cpuMs).toBeGreaterThanOrEqual(10);
        expect(usage?.peakMemoryBytes).toBeGreaterThan(mebibyte);
      }),
    );

    declare(
      "two contexts know nothing of each other, and a restart forgets",
      inContext(async (context, sandbox) => {
        await context.runCode(cells.define);
        const other = await sandbox.createCodeContext({ language });
        try {
          expect((await other.runCode(cells.use)).status).toBe("error");
        } finally {
          await other.delete();
        }
        expect(stdoutOf(await context.runCode(cells.use))).toBe("first 42\n");
        await context.restart();
        expect((await context.runCode(cells.use)).status).toBe("error");
      }),
    );

    declare(
      "names are completed",
      inContext(async (context) => {
        await context.runCode(cells.define);
        const { code, match } = cells.completion;
        const { matches, cursorStart, cursorEnd } = await context.complete(code);
        expect(matches).toContain(match);
        expect(`${code.slice(0, cursorStart)}${match}`.startsWith(code.slice(0, cursorEnd))).toBe(true);
      }),
    );

    for (const { code, outcome } of cells.crashes) {
      declare(
        `a crash is told and survived: ${code.split("\n")[0] ?? ""}`,
        inContext(async (context) => {
          await context.runCode(cells.define);
          const execution = await context.runCode(code);
          if (outcome === "lost") {
            expect(execution).toMatchObject({ status: "kernel-died", contextState: "lost" });
            expect((await context.runCode(cells.use)).status).toBe("error");
          } else {
            expect(execution).toMatchObject({ status: "error", contextState: "kept", error: { name: outcome.kept } });
            // Twice: what took over can itself be taken over.
            expect(stdoutOf(await context.runCode(cells.use))).toBe("first 42\n");
            expect(await context.runCode(code)).toMatchObject({ status: "error", error: { name: outcome.kept } });
            expect(stdoutOf(await context.runCode(cells.use))).toBe("first 42\n");
          }
        }),
      );
    }

    finish();
  });
}
