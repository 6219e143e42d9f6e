import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";

const unicode = "naïve 😀 日本語 עברית 👩‍🚀 é \u{10FFFF} \uFFFD";

describeOnEveryRuntime("the fine print of results", (box) => {
  const run = (
    code: string,
    options?: Parameters<typeof box.sandbox.runCode>[1],
  ): ReturnType<typeof box.sandbox.runCode> => box.sandbox.runCode(code, options);

  describe("text", () => {
    test("print is stdout, not a result and not an error", async () => {
      const { logs, results, error } = await run("print(2 + 2)");
      expect([logs.stdout, results, error]).toEqual([["4\n"], [], undefined]);
    });

    test("logs have one entry a line, however the text was cut", async () => {
      const { logs } = await run(
        "import sys\nfor piece in ('a', 'b\\nc', '\\n', 'd'):\n    sys.stdout.write(piece); sys.stdout.flush()",
      );
      expect(logs.stdout).toEqual(["ab\n", "c\n", "d"]);
    });

    test.each([
      ["a quoted string", "'it\\'s \"quoted\"'", 'it\'s "quoted"'],
      ["escapes", "'a\\nb\\\\c'", "a\nb\\c"],
      ["an empty string", "''", ""],
      ["a string that looks like a list", "'[1, 2]'", "[1, 2]"],
    ])("%s has no quotes and resolved escapes in text", async (_, code, text) => {
      expect((await run(code)).text).toBe(text);
    });

    test("JSON that the code dumps can be parsed from text", async () => {
      const { text } = await run("import json\njson.dumps({'a': [1, \"it's\", '\\u00e9\\n']})");
      expect(JSON.parse(text ?? "")).toEqual({ a: [1, "it's", "é\n"] });
    });

    test("text/plain keeps the kernel's own form", async () => {
      const { results } = await run("'it is'");
      expect(results[0]?.formats["text/plain"]).toBe("'it is'");
    });

    test("other values keep their text", async () => {
      expect((await run("['a', b'c', None]")).text).toBe("['a', b'c', None]");
    });

    test("None is no result", async () => {
      expect((await run("None")).results).toEqual([]);
    });

    test("Unicode survives in print, result, error and display", async () => {
      const literal = JSON.stringify(unicode);
      const execution = await run(
        `from IPython.display import display, HTML\nprint(${literal})\ndisplay(HTML(${literal}))\n${literal}`,
      );
      expect(execution.logs.stdout).toEqual([`${unicode}\n`]);
      expect(execution.results[0]?.html).toBe(unicode);
      expect(execution.text).toBe(unicode);
      expect((await run(`raise ValueError(${literal})`)).error?.message).toBe(unicode);
    });

    test("a megabyte of multi-byte text survives being cut into messages", async () => {
      const { logs } = await run(
        "import sys\nfor _ in range(1000): sys.stdout.write('é😀日' * 100); sys.stdout.flush()",
      );
      expect(logs.stdout.join("")).toBe("é😀日".repeat(100_000));
    });

    test("what a child process writes to stdout and stderr arrives", async () => {
      const { logs } = await run(
        "import subprocess\nsubprocess.run(['sh', '-c', 'echo out; echo err >&2'], check=True); None",
      );
      expect(logs.stdout.join("")).toContain("out\n");
      expect(logs.stderr.join("")).toContain("err\n");
    });
  });

  describe("code", () => {
    test("uniformly indented code runs", async () => {
      expect((await run("    a = 1\n    if a:\n        a = 2\n    a")).text).toBe("2");
    });

    test.each(["", "  \n\n", "# only a comment"])("code %j is an empty ok execution", async (code) => {
      expect(await run(code)).toMatchObject({ status: "ok", outputs: [], results: [] });
    });

    test("a syntax error is an error with a line number", async () => {
      expect(await run("a = 1\nb = = 2")).toMatchObject({
        status: "error",
        error: { name: "SyntaxError", lineNumber: 2 },
      });
    });

    test("an error in a function has the line of the code that was run, and the user's own names", async () => {
      const { error } = await run("def divide(a, b):\n    return a / b\n\ndivide(1, 0)");
      expect(error).toMatchObject({ name: "ZeroDivisionError", message: "division by zero" });
      expect([2, 4]).toContain(error?.lineNumber);
      expect(error?.traceback.join("\n")).toContain("divide(1, 0)");
    });

    test("nothing of an error has terminal colours", async () => {
      const { error } = await run("raise ValueError('\\x1b[31mred\\x1b[0m')");
      expect(JSON.stringify(error)).not.toContain("\\u001b");
    });

    test("top-level await works", async () => {
      expect((await run("import asyncio\nawait asyncio.sleep(0)\n'awaited'")).text).toBe("awaited");
    });

    test("SystemExit is an error and keeps the variables", async () => {
      const context = await box.context();
      expect((await context.runCode("x = 41\nimport sys\nsys.exit(3)")).status).toBe("error");
      expect((await context.runCode("x + 1")).text).toBe("42");
    });
  });

  describe("outputs as a notebook shows them", () => {
    test("the order of stdout, stderr, results and error is kept", async () => {
      const { outputs } = await run(
        "import sys\nfrom IPython.display import display\nprint('1', flush=True)\nprint('2', file=sys.stderr, flush=True)\ndisplay(3)\nprint('4', flush=True)\n1 / 0",
      );
      expect(outputs.map(({ type }) => type)).toEqual(["stdout", "stderr", "result", "stdout", "error"]);
    });

    test("a carriage return writes over the line, and logs keep what was written", async () => {
      const { outputs, logs } = await run("print('10 %\\r100 %', flush=True)");
      expect(outputs).toEqual([{ type: "stdout", text: "100 %\n" }]);
      expect(logs.stdout.join("")).toBe("10 %\r100 %\n");
    });

    test("clear_output clears at once, or with the next output", async () => {
      const { outputs } = await run(
        "from IPython.display import clear_output\nprint('a', flush=True)\nclear_output()\nprint('b', flush=True)\nclear_output(wait=True)\nprint('c', flush=True)\nclear_output(wait=True)",
      );
      expect(outputs).toEqual([{ type: "stdout", text: "c\n" }]);
    });

    test("update_display changes what was shown", async () => {
      const { outputs, results } = await run(
        "from IPython.display import display, update_display\ndisplay('first', display_id='p')\nupdate_display('second', display_id='p'); None",
      );
      expect(results).toHaveLength(1);
      expect(outputs).toMatchObject([
        { type: "result", result: { text: expect.stringContaining("second"), displayId: "p" } },
      ]);
    });
  });

  describe("rich results", () => {
    test.each([
      ["html", "HTML('<b>x</b>')", "<b>x</b>"],
      ["svg", "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
      ["markdown", "Markdown('# x')", "# x"],
      ["latex", "Latex('$x$')", "$x$"],
      ["javascript", "Javascript('1 + 1')", "1 + 1"],
    ] as const)("%s comes through", async (format, code, value) => {
      const { results } = await run(`from IPython.display import *\n${code}`);
      expect(results).toHaveLength(1);
      expect(results[0]?.[format]).toBe(value);
    });

    test("JSON is parsed", async () => {
      const { results } = await run("from IPython.display import JSON\nJSON({'a': [1, None]})");
      expect(results[0]?.json).toEqual({ a: [1, null] });
    });

    test("an unknown MIME type stays in formats", async () => {
      const { results } = await run(
        "from IPython.display import display\ndisplay({'application/x-own': 'data'}, raw=True)",
      );
      expect(results[0]?.formats["application/x-own"]).toBe("data");
    });

    test("the last expression is the main result, displays are not", async () => {
      const { results } = await run("from IPython.display import display\ndisplay(1)\n2");
      expect(results.map(({ text, isMainResult }) => [text, isMainResult])).toEqual([
        ["1", false],
        ["2", true],
      ]);
    });

    test("one result per displayed object, with all its forms", async () => {
      const { results } = await run(
        "class Both:\n    def _repr_html_(self): return '<i>b</i>'\n    def __repr__(self): return 'b'\nBoth()",
      );
      expect(results).toHaveLength(1);
      expect(results[0]).toMatchObject({ html: "<i>b</i>", text: "b" });
    });

    test("PNG and JPEG of PIL come as base64 in one line", async () => {
      const { results } = await run(
        "from PIL import Image as I\nimport io\nfrom IPython.display import display, Image\ndisplay(I.new('RGB', (300, 300), 'red'))\n" +
          "buffer = io.BytesIO(); I.effect_noise((300, 300), 50).save(buffer, 'JPEG'); display(Image(buffer.getvalue(), format='jpeg'))",
      );
      expect(
        Buffer.from(results[0]?.png ?? "", "base64")
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG");
      expect(Buffer.from(results[1]?.jpeg ?? "", "base64").readUInt16BE()).toBe(0xffd8);
      expect(results[1]?.jpeg).not.toMatch(/\s/);
    });
  });

  describe("a data frame", () => {
    test("gives html, text and data", async () => {
      const { results } = await run("import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})");
      const [result] = results;
      expect(result?.html).toContain("<table");
      expect(result?.text).toContain("a");
      expect(result?.data?.data).toMatchObject([
        { a: 1, b: "x" },
        { a: 2, b: null },
      ]);
      expect(result?.data?.schema?.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(["a", "b"]));
    });

    test("has the first 1,000 rows, then truncated", async () => {
      const { results } = await run("import pandas as pd\npd.DataFrame({'a': range(5000)})");
      expect(results[0]?.data?.data).toHaveLength(1000);
      expect(results[0]?.data?.truncated).toBe(true);
    });

    test("stays under 1 MiB of data", async () => {
      const { results } = await run("import pandas as pd\npd.DataFrame({'a': ['x' * 10_000] * 900})");
      expect(JSON.stringify(results[0]?.data).length).toBeLessThan((1 << 20) + 10_000);
      expect(results[0]?.data?.truncated).toBe(true);
    });
  });

  describe("a matplotlib figure", () => {
    const plot =
      "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\naxes.plot([1, 2, 3], [4, 5, 6], label='l1')\naxes.set_title('T')\naxes.set_xlabel('Time (s)')\n";

    test("show after savefig gives one PNG", async () => {
      const { results } = await run(`${plot}plt.savefig('figure.png')\nplt.show()`);
      expect(results.map((result) => typeof result.png)).toEqual(["string"]);
    });

    test("a figure left as last expression gives one result, not two", async () => {
      const { results } = await run(`${plot}figure`);
      expect(results.map((result) => typeof result.png)).toEqual(["string"]);
    });

    test("gives its chart, in camelCase", async () => {
      const { results } = await run(`${plot}plt.show()`);
      expect(results[0]?.chart).toMatchObject({
        type: "line",
        title: "T",
        xLabel: "Time (s)",
        elements: [
          {
            label: "l1",
            points: [
              [1, 4],
              [2, 5],
              [3, 6],
            ],
          },
        ],
      });
    });

    test.each([
      ["scatter", "axes.scatter([1, 2], [3, 4])"],
      ["bar", "axes.bar(['a', 'b'], [1, 2])"],
      ["pie", "axes.pie([1, 3], labels=['a', 'b'])"],
      ["box_and_whisker", "axes.boxplot([[85, 90, 78, 92], [80, 88, 75, 90]], patch_artist=True)"],
    ])("%s is a chart of that type", async (type, code) => {
      const { results } = await run(
        `import matplotlib.pyplot as plt\nfigure, axes = plt.subplots()\n${code}\nplt.show()`,
      );
      expect(results[0]?.chart?.type).toBe(type);
      expect(results[0]?.chart?.elements.length).toBeGreaterThan(0);
    });

    test("several axes are a superchart", async () => {
      const { results } = await run(
        "import matplotlib.pyplot as plt\nfigure, (a, b) = plt.subplots(1, 2)\na.plot([1, 2])\nb.bar(['x'], [1])\nplt.show()",
      );
      expect(results[0]?.chart).toMatchObject({ type: "superchart", elements: [{ type: "line" }, { type: "bar" }] });
    });
  });

  describe("results of other libraries", () => {
    test.for([
      [
        "plotly",
        "import plotly.graph_objects as go\ngo.Figure(go.Scatter(y=[1, 2]))",
        "application/vnd.plotly.v1+json",
      ],
      [
        "altair",
        "import altair as alt, pandas as pd\nalt.Chart(pd.DataFrame({'a': [1]})).mark_bar().encode(x='a')",
        /vegalite|text\/html/,
      ],
      [
        "bokeh",
        "from bokeh.plotting import figure, show\nfrom bokeh.io import output_notebook\noutput_notebook(hide_banner=True)\np = figure(); p.line([1], [1]); show(p)",
        /bokeh|text\/html/,
      ],
    ] as const)("%s comes through as the bundle that it makes", async ([library, code, type], { skip }) => {
      const installed = await run(`import importlib.util; importlib.util.find_spec('${library}') is not None`);
      skip(installed.text !== "True", `${library} is not installed in this box`);
      const { results, error } = await run(code);
      expect(error).toBeUndefined();
      expect(results.flatMap(({ formats }) => Object.keys(formats)).join(" ")).toMatch(type);
    });
  });
});
