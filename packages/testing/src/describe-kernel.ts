import { type CreateSandboxOptions, type Execution, Sandbox } from "@kernelbox/core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { type Skip, skippableTest } from "./skippable-test.ts";

/** The code of each test, in the kernel's language. */
export type KernelCells = {
  /** Sets a variable whose value {@link KernelCells.readVariable} shows as `41`. */
  readonly setVariable: string;
  /** Has the variable as its result. */
  readonly readVariable: string;
  /** Writes `out` and a line end to stdout, then `err` and a line end to stderr, then `out2` and a line end to stdout. */
  readonly printOutErrOut: string;
  /** Has the result `42`. */
  readonly result: string;
  /** Fails in line 3 of the code with `name`; the message contains `message`. */
  readonly failure: { readonly code: string; readonly name: string; readonly message: string };
  /** Does not parse, in line 2. */
  readonly syntaxError: string;
  readonly endlessLoop: string;
  /** Reads one line of stdin and writes `got LINE` and a line end. */
  readonly readLine: string;
  /** Ends the kernel's own process. */
  readonly exit: string;
  /** Writes the text to stdout, with no line end. */
  readonly print: (text: string) => string;
  /** Writes the lines `0` to `19999`. */
  readonly manyLines: string;
  /** Shows one picture. */
  readonly picture: string;
  /** Set for languages that have no values: what would be a result is written to stdout. */
  readonly printsValues?: true;
  /** Writes the working directory, then the environment variable `KERNELBOX_TEST`, a line each. */
  readonly surroundings: string;
};

/** Options of {@link describeKernel}. */
export type DescribeKernelOptions = {
  readonly language: string;
  readonly sandbox: CreateSandboxOptions;
  readonly cells: KernelCells;
  readonly skip?: readonly Skip[];
  /** The time for each test. @default 60_000 */
  readonly timeoutMs?: number;
};

const unicodeSample = "naïve 😀 日本語 עברית \u{1F469}\u200D\u{1F680} e\u0301 \u0000end";

/**
 * What every kernel has to do, as tests. All run in one sandbox, each in a context of its own.
 *
 * @example
 * describeKernel("python", { language: "python", sandbox: { runtime: docker() }, cells: pythonCells });
 */
export function describeKernel(name: string, options: DescribeKernelOptions): void {
  const { language, cells, skip = [], timeoutMs = 60_000 } = options;
  describe(`the kernel ${name}`, () => {
    let shared: Sandbox | undefined;
    const { declare, finish } = skippableTest(skip, timeoutMs);
    beforeAll(async () => {
      shared = await Sandbox.create(options.sandbox);
    }, 180_000);
    afterAll(async () => {
      await shared?.stop();
    }, 60_000);

    const valueOf = (execution: Execution): string | undefined =>
      cells.printsValues ? execution.logs.stdout.join("").trimEnd() : execution.text;

    type Context = Awaited<ReturnType<Sandbox["createCodeContext"]>>;
    function inContext(body: (context: Context) => Promise<void>, extra: { env?: Record<string, string> } = {}) {
      return async (): Promise<void> => {
        if (shared === undefined) throw new Error("the sandbox was not created");
        const context = await shared.createCodeContext({ language, ...extra });
        try {
          await body(context);
        } finally {
          await context.delete();
        }
      };
    }

    declare(
      "variables are kept from cell to cell",
      inContext(async (context) => {
        await context.runCode(cells.setVariable);
        expect(valueOf(await context.runCode(cells.readVariable))).toBe("41");
      }),
    );

    declare(
      "stdout and stderr arrive in the order of the code",
      inContext(async (context) => {
        const execution = await context.runCode(cells.printOutErrOut);
        const pieces = execution.outputs.map((output) =>
          output.type === "stdout" || output.type === "stderr" ? output.text : "",
        );
        expect(pieces).toEqual(["out\n", "err\n", "out2\n"]);
        expect(execution.logs).toEqual({ stdout: ["out\n", "out2\n"], stderr: ["err\n"] });
      }),
    );

    declare(
      "the last expression is the main result",
      inContext(async (context) => {
        const execution = await context.runCode(cells.result);
        expect(execution.text).toBe("42");
        expect(execution.results.map((result) => result.isMainResult)).toEqual([true]);
      }),
    );

    declare(
      "code that fails is data, with name, message, traceback and line",
      inContext(async (context) => {
        const { status, error } = await context.runCode(cells.failure.code);
        expect(status).toBe("error");
        expect(error).toMatchObject({ name: cells.failure.name, lineNumber: 3 });
        expect(error?.message).toContain(cells.failure.message);
        expect(error?.traceback.length).toBeGreaterThan(0);
        expect(JSON.stringify(error)).not.toContain("\\u001b");
      }),
    );

    declare(
      "code that does not parse is an error with its line",
      inContext(async (context) => {
        const { status, error } = await context.runCode(cells.syntaxError);
        expect(status).toBe("error");
        expect(error?.lineNumber).toBe(2);
      }),
    );

    declare(
      "an interrupted endless loop keeps the variables",
      inContext(async (context) => {
        await context.runCode(cells.setVariable);
        const execution = await context.runCode(cells.endlessLoop, { onStart: () => context.interrupt() });
        expect(execution).toMatchObject({
          status: "interrupted",
          contextState: "kept",
          error: { name: "ExecutionInterrupted" },
        });
        expect(valueOf(await context.runCode(cells.readVariable))).toBe("41");
      }),
    );

    declare(
      "a timed-out endless loop keeps the variables",
      inContext(async (context) => {
        await context.runCode(cells.setVariable);
        const execution = await context.runCode(cells.endlessLoop, { timeoutMs: 300 });
        expect(execution).toMatchObject({
          status: "timed-out",
          contextState: "kept",
          error: { name: "ExecutionTimedOut" },
        });
        expect(valueOf(await context.runCode(cells.readVariable))).toBe("41");
      }),
    );

    declare(
      "input comes from onInput",
      inContext(async (context) => {
        const execution = await context.runCode(cells.readLine, { onInput: () => "a line" });
        expect(execution.logs.stdout.join("")).toContain("got a line\n");
      }),
    );

    declare(
      "input comes from stdin",
      inContext(async (context) => {
        const execution = await context.runCode(cells.readLine, { stdin: "first\nsecond\n" });
        expect(execution.logs.stdout.join("")).toContain("got first\n");
      }),
    );

    declare(
      "a kernel that ends is kernel-died, and the context works again, empty",
      inContext(async (context) => {
        await context.runCode(cells.setVariable);
        const execution = await context.runCode(cells.exit);
        expect(execution).toMatchObject({ status: "kernel-died", contextState: "lost", error: { name: "KernelDied" } });
        expect((await context.runCode(cells.readVariable)).status).toBe("error");
        expect(valueOf(await context.runCode(cells.result))).toBe("42");
      }),
    );

    declare(
      "text with any Unicode survives",
      inContext(async (context) => {
        const execution = await context.runCode(cells.print(unicodeSample));
        expect(execution.logs.stdout.join("")).toBe(unicodeSample);
      }),
    );

    declare(
      "20,000 lines arrive complete and in order",
      inContext(async (context) => {
        const execution = await context.runCode(cells.manyLines);
        expect(execution.logs.stdout).toEqual(Array.from({ length: 20_000 }, (_, index) => `${index}\n`));
      }),
    );

    declare(
      "a picture is one result",
      inContext(async (context) => {
        const execution = await context.runCode(cells.picture);
        expect(execution.results).toHaveLength(1);
        expect(execution.results[0]?.png ?? execution.results[0]?.svg).toBeTypeOf("string");
      }),
    );

    declare(
      "empty code is ok and has no output",
      inContext(async (context) => {
        expect(await context.runCode("")).toMatchObject({ status: "ok", outputs: [], results: [] });
      }),
    );

    declare(
      "environment and directory reach the code",
      inContext(
        async (context) => {
          const execution = await context.runCode(cells.surroundings);
          expect(execution.logs.stdout).toEqual([`${context.cwd}\n`, 'it\'s "here"\n']);
        },
        { env: { KERNELBOX_TEST: 'it\'s "here"' } },
      ),
    );

    finish();
  });
}
