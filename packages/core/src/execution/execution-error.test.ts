import { describe, expect, test } from "vitest";
import { executionErrorFromKernel, executionErrorFromStatus } from "./execution-error.ts";

const escape = "\u001b";

function lineOf(...traceback: readonly string[]): number | undefined {
  return executionErrorFromKernel({ ename: "Error", evalue: "", traceback }).lineNumber;
}

describe("executionErrorFromKernel", () => {
  test("has no colour codes anywhere and one line an entry", () => {
    const error = executionErrorFromKernel({
      ename: `${escape}[31mZeroDivisionError${escape}[0m`,
      evalue: `${escape}[1mdivision by zero${escape}[0m`,
      traceback: [
        `${escape}[31m----${escape}[39m`,
        `${escape}[36mCell${escape}[39m${escape}[36m ${escape}[39m${escape}[32mIn[7]${escape}[39m${escape}[32m, line 2${escape}[39m\n      1 a = 1\n${escape}[32m----> ${escape}[39m${escape}[32m2${escape}[39m 1/0`,
        `${escape}[31mZeroDivisionError${escape}[39m: division by zero`,
      ],
    });
    expect(error).toEqual({
      name: "ZeroDivisionError",
      message: "division by zero",
      traceback: ["----", "Cell In[7], line 2", "      1 a = 1", "----> 2 1/0", "ZeroDivisionError: division by zero"],
      lineNumber: 2,
    });
  });

  test("without a traceback there is no line number", () => {
    expect(executionErrorFromKernel({ ename: "Error", evalue: "x", traceback: [] })).toEqual({
      name: "Error",
      message: "x",
      traceback: [],
    });
  });
});

describe("the line number", () => {
  test("of a syntax error", () => {
    expect(lineOf("  Cell In[3], line 2\n    y = = 2\n        ^\nSyntaxError: invalid syntax\n")).toBe(2);
  });

  test("is the innermost in the same cell", () => {
    expect(lineOf("Cell In[4], line 4", "----> 4 g()", "Cell In[4], line 2, in g()", "----> 2     raise E")).toBe(2);
  });

  test("is not one of a cell that ran before", () => {
    expect(lineOf("Cell In[2], line 3", "----> 3 f(0)", "Cell In[1], line 9, in f(x)", "----> 9     1/x")).toBe(3);
  });

  test("is not one of a library", () => {
    expect(lineOf("Cell In[2], line 2", "----> 2 f()", "File ~/lib/json/decoder.py:353, in f(x)", "--> 353 g()")).toBe(
      2,
    );
  });

  test("is that of the last error of a chain", () => {
    const cause = ["Cell In[1], line 9, in f(x)", "ZeroDivisionError", ""];
    const chain = "During handling of the above exception, another exception occurred:";
    expect(lineOf(...cause, chain, "", "Cell In[6], line 5", "----> 5 f(0)")).toBe(5);
  });

  test("of older IPython versions", () => {
    expect(lineOf("Input In [2], in <cell line: 3>()", "      1 a=1", "----> 3 f(0)")).toBe(3);
    expect(lineOf("<ipython-input-5-0a1b2c3d> in <module>", "      1 a=1", "----> 2 1/0")).toBe(2);
    expect(lineOf('  File "<ipython-input-5-0a1b2c3d>", line 4', "    = 1")).toBe(4);
  });

  test("of plain Python", () => {
    expect(lineOf("Traceback (most recent call last):", '  File "<string>", line 3, in <module>')).toBe(3);
    expect(lineOf('  File "<tokenize>", line 4', "    a")).toBe(4);
  });

  test("of what runs other text is where the code asked for it", () => {
    expect(lineOf("Cell In[9], line 5", "----> 5 exec('1/0')", "File <string>:1", "----> 1 1/0")).toBe(5);
  });

  test("is absent where only libraries are in the traceback", () => {
    expect(lineOf("File /usr/lib/x.py:10, in f", "---> 10 g()")).toBeUndefined();
  });
});

describe("executionErrorFromStatus", () => {
  test("has our names and says the reason", () => {
    const reason = "the code ran longer than 1000 ms";
    expect(executionErrorFromStatus("timed-out", { reason })).toEqual({
      name: "ExecutionTimedOut",
      message: reason,
      traceback: [],
    });
    expect(executionErrorFromStatus("interrupted").name).toBe("ExecutionInterrupted");
    expect(executionErrorFromStatus("kernel-died").name).toBe("KernelDied");
    expect(executionErrorFromStatus("error").message).toContain("did not say why");
  });

  test("keeps the traceback of what the kernel said when it was stopped", () => {
    const kernelError = { name: "KeyboardInterrupt", message: "", traceback: ["Cell In[1], line 2"], lineNumber: 2 };
    expect(executionErrorFromStatus("timed-out", { kernelError })).toMatchObject({
      name: "ExecutionTimedOut",
      traceback: ["Cell In[1], line 2"],
      lineNumber: 2,
    });
  });
});
