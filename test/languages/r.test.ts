import type { Execution } from "kernelbox";
import { expect, test } from "vitest";
import { describeLanguage, stderrOf, stdoutOf } from "../language-fixture.ts";

/** The first bytes of a PNG, in base64. */
const png = /^iVBORw0KGgo[\w+/]{500}/;

describeLanguage("r", "R", (box) => {
  const { run } = box;

  test("a value alone has no [1], and what is not to be seen is no result", async () => {
    const values: readonly (readonly [string, string | undefined])[] = [
      ["6 * 7 # a comment", "42"],
      ["1:3", "[1] 1 2 3"],
      ['"a \\"b\\"\\n"', 'a "b"\n'],
      ["c(a = 1)", "a \n1 "],
      ["NULL", "NULL"],
      ["list(1)", "[[1]]\n[1] 1"],
      ["function(x) { x # kept\n}", "function(x) { x # kept\n}"],
      ["invisible(5)", undefined],
      ["x <- 5", undefined],
      ["(x <- 6)", "6"],
      ["for (i in 1:2) i", undefined],
      ['structure(1, class = "celsius")', '[1] 1\nattr(,"class")\n[1] "celsius"'],
      ['print.celsius <- function(x, ...) cat("degrees", unclass(x), "\\n")', undefined],
      ['structure(1, class = "celsius")', "degrees 1 "],
    ];
    for (const [code, expected] of values) {
      const { status, text } = await run(code);
      expect({ code, status, text }).toEqual({ code, status: "ok", text: expected });
    }
  });

  test("each value at top level is shown, the last one is the main result", async () => {
    const { outputs, results, text } = await run('1\ncat("two\\n")\n"b"\n3');
    expect(outputs.map((output) => output.type)).toEqual(["result", "stdout", "result", "result"]);
    expect(results.map((result) => [result.text, result.isMainResult])).toEqual([
      ["1", false],
      ["b", false],
      ["3", true],
    ]);
    expect(text).toBe("3");
  });

  test("a data frame is text, HTML and a table", async () => {
    const code =
      'data.frame(n = c(1L, NA), x = c(1.5, Inf), s = c("<a>", NA), d = as.Date("2024-02-29") + 0:1, row.names = c("r1", "r2"))';
    const [frame] = (await run(code)).results;
    expect(frame?.html).toContain("<th>r1</th><td>1</td><td>1.5</td><td>&lt;a&gt;</td><td>2024-02-29</td>");
    expect(frame?.data).toEqual({
      schema: {
        fields: [
          { name: "_row", type: "string" },
          { name: "n", type: "integer" },
          { name: "x", type: "number" },
          { name: "s", type: "string" },
          { name: "d", type: "date" },
        ],
      },
      data: [
        { _row: "r1", n: 1, x: 1.5, s: "<a>", d: "2024-02-29" },
        { _row: "r2", n: null, x: null, s: null, d: "2024-03-01" },
      ],
    });
    const long = (await run("data.frame(x = seq_len(2500))")).results[0]?.data;
    expect(long).toMatchObject({ truncated: true, totalRows: 2500 });
    expect(long?.data).toHaveLength(1000);
    const [list] = (await run('list(a = 1, b = list(TRUE, NULL, "x\\n\\u0001"), c = I(0.1))')).results;
    expect(list?.json).toEqual({ a: 1, b: [true, null, "x\n\u0001"], c: [0.1] });
  });

  test("each page that is drawn is one picture, and lines are added to it", async () => {
    const one = await run("plot(1:3)\nlines(3:1)\nabline(h = 2)");
    expect(one.results.map((result) => result.png)).toEqual([expect.stringMatching(png)]);
    const three = await run("for (i in 1:3) plot(i)");
    expect(three.results.map((result) => result.png)).toEqual(Array(3).fill(expect.stringMatching(png)));
    const failed = await run('hist(c(1, 2, 2))\nstop("after")');
    expect(failed.results).toHaveLength(1);
    expect(failed.error?.message).toBe("after");
    const own = await run('pdf("mine.pdf")\nplot(1)\ninvisible(dev.off())\nfile.exists("mine.pdf")');
    expect(own.results.map((result) => result.text)).toEqual(["TRUE"]);
  });

  test("a plot that is a value is the main result; its size is an option", async ({ skip }) => {
    if ((await run('(requireNamespace("ggplot2", quietly = TRUE))')).text !== "TRUE") skip("the box has no ggplot2");
    const plot = await run("library(ggplot2)\nggplot(mtcars, aes(wt, mpg)) + geom_point()");
    expect(plot.results).toHaveLength(1);
    expect(plot.results[0]).toMatchObject({ isMainResult: true, png: expect.stringMatching(png) });
    await run("options(repr.plot.width = 2, repr.plot.height = 1, repr.plot.res = 50)");
    const [small] = (await run("plot(1, axes = FALSE, ann = FALSE, mar = c(0, 0, 0, 0)); NULL")).results;
    const header = Buffer.from(small?.png ?? "", "base64");
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([100, 50]);
  });

  test("an error has its class, its line, and the calls that led to it", async () => {
    await run("inner <- function(n) {\n  n + 1\n  stop('no ', n)\n}");
    const { error } = await run("outer <- function() {\n  inner(4)\n}\n\nouter()");
    expect(error).toMatchObject({ name: "simpleError", message: "no 4", lineNumber: 2 });
    expect(error?.traceback).toEqual([
      "simpleError in inner(4): no 4",
      expect.stringMatching(/^ {2}3: stop\("no ", n\) at cell-1:3$/),
      expect.stringMatching(/^ {2}2: inner\(4\) at cell-2:2$/),
      "  1: outer()",
    ]);
    const own = await run(
      '\nstop(structure(class = c("myError", "error", "condition"), list(message = "m", call = NULL)))',
    );
    expect(own.error).toMatchObject({ name: "myError", message: "m", lineNumber: 2 });
    expect((await run('f <- function() {\n  x <- 1\n  x + "a"\n}\nf()')).error?.lineNumber).toBe(3);
    const parse = await run("cat('never')\nf <- function( {\n}");
    expect(parse.error).toMatchObject({ name: "parseError", lineNumber: 2 });
    expect(stdoutOf(parse)).toBe("");
  });

  test("an endless recursion is an error that keeps the variables", async () => {
    await run("kept <- 'yes'");
    for (const code of ["f <- function(n) f(n + 1) + 1\nf(1)", "f <- function(n) tryCatch(f(n + 1))\nf(1)"]) {
      const { status, contextState, error } = await run(code);
      expect({ status, contextState }).toEqual({ status: "error", contextState: "kept" });
      expect(error?.name).toMatch(/StackOverflowError$/);
      expect(error?.traceback.length).toBeLessThan(60);
    }
    expect((await run("kept")).text).toBe("yes");
  });

  test("warnings and messages come at once, on stderr, in their place", async () => {
    const { outputs, status } = await run(
      'cat("a\\n")\nwarning("careful")\nmessage("note")\ncat("b\\n")\nf <- function() as.integer("x")\ninvisible(f())',
    );
    expect(status).toBe("ok");
    expect(outputs.map((output) => ("text" in output ? output.text : ""))).toEqual([
      "a\n",
      "Warning: careful\nnote\n",
      "b\n",
      "Warning in f(): NAs introduced by coercion\n",
    ]);
    expect((await run("warnings()")).text).toContain("2: In f() : NAs introduced by coercion");
    expect(stderrOf(await run('suppressWarnings(as.integer("x")); options(warn = -1); warning("w")'))).toBe("");
    const strict = await run('options(warn = 2)\nas.integer("x")');
    expect(strict.error?.message).toContain("converted from warning");
  });

  test("what functions of R write in C is shown in its cell, and in its place", async () => {
    const { outputs } = await run('write.csv(data.frame(a = 1:2), row.names = FALSE)\nmessage("note")\nwrite.table(3)');
    expect(outputs.map((output) => ("text" in output ? output.text : ""))).toEqual([
      '"a"\n1\n2\n',
      "note\n",
      '"x"\n"1" 3\n',
    ]);
    expect(stdoutOf(await run('cat("next\\n")'))).toBe("next\n");
  });

  test("`View` shows a table, dates have no quotes, and a package that was not installed is an error", async () => {
    expect((await run("View(head(mtcars, 2))")).results[0]?.data?.data).toHaveLength(2);
    expect((await run('as.Date("2024-02-29")')).text).toBe("2024-02-29");
    expect((await run('as.POSIXct("2024-02-29 10:00", tz = "UTC")')).text).toBe("2024-02-29 10:00:00 UTC");
    const code = 'install.packages("no.such.package", lib = tempdir(), repos = "http://127.0.0.1:9")';
    expect((await run(code)).error).toMatchObject({
      message: expect.stringMatching(/^not installed: no\.such\.package/),
    });
  });

  test("all ways to read ask, and read what stdin has", async () => {
    const asked: unknown[] = [];
    const onInput = (request: unknown): string => `answer ${asked.push(request)}`;
    const code =
      'name <- readline("Name? ")\nSys.sleep(0.3)\nline <- readLines("stdin", 1)\nown <- readLines(stdin(), 1)\n' +
      "child <- system('head -n 1', intern = TRUE)\ncat(name, line, own, child, sep = '|')";
    expect(stdoutOf(await run(code, { onInput }))).toBe("answer 1|answer 2|answer 3|answer 4");
    // One for each, and none for the sleep.
    expect(asked).toEqual(["Name? ", "", "", ""].map((prompt) => ({ prompt, password: false })));
    const numbers = await run("sum(scan(stdin(), quiet = TRUE))", { stdin: "1 2\n3\n" });
    expect(numbers.text).toBe("6");
    const table = await run('read.table(file("stdin"), header = TRUE)$b', { stdin: "a b\n1 2\n3 4\n" });
    expect(table.text).toBe("[1] 2 4");
  });

  test("an interrupt ends whatever the cell waits for, and runs what has to be done at the end", async () => {
    const interruptAtStart = (code: string): Promise<Execution> =>
      // What comes before "tryCatch" can be interrupted, too.
      run(code.includes("go\\n") ? `x <- 41\n${code}` : `x <- 41\ncat("go\\n")\n${code}`, {
        onStdout: ({ text }) => text.startsWith("go") && box.context.interrupt(),
      });
    const codes = [
      "tryCatch({ cat('go\\n'); Sys.sleep(1000) }, finally = cat('cleaned\\n'))",
      "while (TRUE) try(Sys.sleep(1000), silent = TRUE)",
      "system('sleep 1000')\ncat('went on\\n')",
      "repeat system('sleep 1000')",
      "invisible(system('sleep 1000', intern = TRUE))",
    ];
    for (const code of codes) {
      const execution = await interruptAtStart(code);
      expect({ code, status: execution.status, state: execution.contextState }).toEqual({
        code,
        status: "interrupted",
        state: "kept",
      });
      expect(stdoutOf(execution)).toBe(code.includes("cleaned") ? "go\ncleaned\n" : "go\n");
    }
    expect((await run("x")).text).toBe("41");
  });

  test("`quit` is the end of the kernel, with its status", async () => {
    expect(await run("q()")).toMatchObject({ status: "kernel-died", exitCode: 0 });
    expect(await run('quit("yes", status = 7)')).toMatchObject({ status: "kernel-died", exitCode: 7 });
    expect(stdoutOf(await run("f <- function() quit(status = 2)\ncat('before\\n')\nf()"))).toBe("before\n");
  });

  test("child processes keep their status, and processes of R their results", async () => {
    const { logs, text } = await run("status <- system('echo out; echo err >&2; exit 3')\nstatus");
    expect(logs).toEqual({ stdout: ["out\n"], stderr: ["err\n"] });
    expect(text).toBe("3");
    expect((await run("system2('printf', c('a', 'b'), stdout = TRUE)")).text).toBe("a");
    expect((await run("unlist(parallel::mclapply(1:4, function(i) i^2, mc.cores = 2))")).text).toBe("[1]  1  4  9 16");
    // A process that the code forks ends with its cell, and says nothing of it.
    const forked = await run(
      'p <- parallel:::mcfork(TRUE)\ncat(if (inherits(p, "masterProcess")) "child\\n" else "parent\\n")',
    );
    expect(forked.status).toBe("ok");
    expect((await run("1 + 1")).text).toBe("2");
  });

  test("sinks, options, the seed and the directory are the session's", async () => {
    await run('options(digits = 3)\nset.seed(1)\ndir.create("sub")\nsetwd("sub")\nsink("out.txt")\nprint("hidden")');
    const { text, logs } = await run(
      'print("hidden, too")\nsink()\nc(basename(getwd()), format(pi), readLines("out.txt"))',
    );
    expect(logs.stdout).toEqual([]);
    expect(text).toContain('"sub"');
    expect(text).toContain("hidden, too");
    expect((await run("runif(1) == { set.seed(1); runif(1) }")).text).toBe("TRUE");
  });

  test("what cells may call shows all kinds of content", async () => {
    const { results } = await run(
      'kb_markdown("# x")\nkb_svg("<svg/>")\nkb_latex("x^2")\nkb_json(list(a = 1:2))\nkb_png(as.raw(c(0x89, 0x50, 0x4e, 0x47)))\nkb_display(data.frame(a = 1))',
    );
    expect(results.map((result) => Object.keys(result.formats)[0])).toEqual([
      "text/markdown",
      "image/svg+xml",
      "text/latex",
      "application/json",
      "image/png",
      "text/plain",
    ]);
    expect(results[3]?.json).toEqual({ a: [1, 2] });
    expect(results[4]?.png).toBe("iVBORw==");
    expect(results[5]?.data?.data).toEqual([{ a: 1 }]);
    expect((await run('kb_png("none.png")')).error?.message).toBe("there is no picture in none.png");
  });

  test("variables, functions and help are listed, completed and explained", async () => {
    await run(
      'number <- 5\nframe <- mtcars\n.hidden <- 1\nmakeActiveBinding("act", function() stop("no"), globalenv())',
    );
    await run("mine <- function(first, second = 2) first");
    const rows = await box.context.variables();
    expect(rows.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      "act: active binding",
      "frame: data.frame",
      "mine: function",
      "number: numeric",
    ]);
    expect(rows.find(({ name }) => name === "number")?.repr).toBe("5");
    expect((await box.context.complete('cat("日本"); numb')).matches).toEqual(["number"]);
    expect((await box.context.complete("frame$mp")).matches).toEqual(["frame$mpg"]);
    expect((await box.context.complete("mine(fir")).matches.join()).toContain("first");
    expect((await box.context.inspect("mine")).text).toContain("function(first, second = 2)");
    expect((await box.context.inspect("median")).text).toContain("Median Value");
    expect((await run("?median")).text).toContain("Median Value");
  });
});
