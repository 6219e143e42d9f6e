import type { ExecutionEvent } from "kernelbox";
import { executionFromEvents, executionFromJson } from "kernelbox/execution";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { collect } from "../helpers/collect.ts";

describeOnEveryRuntime("running code", (box) => {
  describe("where", () => {
    test("variables are kept from run to run", async () => {
      await box.sandbox.runCode("kept = 41");
      expect((await box.sandbox.runCode("kept + 1")).text).toBe("42");
    });

    test("a context is named by a handle, a list row or an id", async () => {
      const context = await box.context();
      await context.runCode("x = 41");
      const row = (await box.sandbox.listCodeContexts()).find(({ id }) => id === context.id);
      if (row === undefined) throw new Error("the context is not listed");
      for (const named of [context, row, context.id]) {
        expect((await box.sandbox.runCode("x + 1", { context: named })).text).toBe("42");
      }
    });

    test("a language names its default context", async () => {
      const context = await box.sandbox.defaultCodeContext("python");
      expect((await box.sandbox.runCode("1", { language: "py" })).contextId).toBe(context.id);
    });

    test("contexts run side by side", async () => {
      const [first, second] = [await box.context(), await box.context()];
      const waiting = first.runCode(
        "import os, time\nwhile not os.path.exists('side-by-side'): time.sleep(0.01)\n'met'",
      );
      await second.runCode("open('side-by-side', 'w').close()");
      expect((await waiting).text).toBe("met");
    });
  });

  describe("streamCode", () => {
    test("gives start, output, result and end, in order", async () => {
      const events = await collect(box.sandbox.streamCode("print('out')\n6 * 7"));
      expect(events.map(({ type }) => type)).toEqual(["start", "stdout", "result", "end"]);
      expect(events.at(-1)).toMatchObject({ type: "end", outcome: { status: "ok", contextState: "kept" } });
    });

    test("gives output while the code runs", async () => {
      const context = await box.context();
      const code =
        "import os, time\nprint('ready', flush=True)\nwhile not os.path.exists('streamed'): time.sleep(0.01)";
      const types: string[] = [];
      for await (const event of context.streamCode(code)) {
        types.push(event.type);
        if (event.type === "stdout") await box.sandbox.writeFile("streamed", "");
      }
      expect(types).toEqual(["start", "stdout", "end"]);
    });

    test("its events make the same execution as runCode", async () => {
      const context = await box.context();
      const events: ExecutionEvent[] = await collect(
        context.streamCode("print('a')\nimport sys; print('b', file=sys.stderr)\n'c'"),
      );
      const execution = await executionFromEvents(events);
      expect(execution).toMatchObject({ status: "ok", text: "c", logs: { stdout: ["a\n"], stderr: ["b\n"] } });
    });

    test("stdout and result say when they were sent", async () => {
      const before = Date.now();
      const events = await collect(box.sandbox.streamCode("print('now')"));
      const sent = events.flatMap((event) => (event.type === "stdout" ? [Date.parse(event.timestamp)] : []));
      expect(Math.abs(Number(sent[0]) - before)).toBeLessThan(20_000);
    });
  });

  describe("an execution", () => {
    test("says what ran, where and how it ended", async () => {
      const context = await box.context();
      const execution = await context.runCode("6 * 7");
      expect(execution).toMatchObject({
        code: "6 * 7",
        language: "python",
        contextId: context.id,
        status: "ok",
        text: "42",
        contextState: "kept",
        executionCount: 1,
      });
      expect(execution.id).toMatch(/^[0-9a-f-]{36}$/);
      expect([execution.error, execution.truncated]).toEqual([undefined, undefined]);
    });

    test("its JSON is plain and complete, and reads back", async () => {
      const execution = await box.sandbox.runCode(
        "from IPython.display import display, HTML\nprint('out')\ndisplay(HTML('<b>x</b>'), display_id='d1')\n1 / 0",
      );
      const json = JSON.parse(JSON.stringify(execution));
      expect(json).toEqual(execution.toJSON());
      expect(json.results[0]).toMatchObject({
        formats: { "text/html": "<b>x</b>" },
        isMainResult: false,
        displayId: "d1",
      });
      const again = executionFromJson(json);
      expect(again.toJSON()).toEqual(json);
      expect(again.results[0]?.html).toBe("<b>x</b>");
    });

    test("for a model it is text of bounded length", async () => {
      const execution = await box.sandbox.runCode("print('line ' * 10_000)\n'the result'");
      const text = execution.toText({ maxCharacters: 500 });
      expect(text.length).toBeLessThanOrEqual(500);
      expect(execution.toText({ maxCharacters: 1_000_000 })).toContain("the result");
    });

    test("for a model it is text and images in the order of the output", async () => {
      const execution = await box.sandbox.runCode(
        "from IPython.display import display, Image\nimport base64\n" +
          "print('before')\ndisplay(Image(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==')))\nprint('after')",
      );
      expect(execution.toContent().map((part) => (part.type === "image" ? part.mediaType : part.text.trim()))).toEqual([
        "before",
        "image/png",
        "after",
      ]);
    });

    test("its files are those that the code created and changed", async ({ skip }) => {
      await box.sandbox.writeFile("files/old.txt", "old");
      const { files } = await box.sandbox.runCode(
        "open('files/new.txt', 'w').write('x'); open('files/old.txt', 'a').write('more')",
      );
      if (files === undefined) return skip("this box does not report files");
      expect(files.created.map((path) => path.slice(-13))).toEqual(["files/new.txt"]);
      expect(files.changed.map((path) => path.slice(-13))).toEqual(["files/old.txt"]);
    });
  });

  describe("input", () => {
    test("onInput answers input(), with its prompt", async () => {
      const prompts: unknown[] = [];
      const execution = await box.sandbox.runCode("name = input('Name? ')\nf'hello {name}'", {
        onInput: async ({ prompt, password }) => {
          prompts.push({ prompt, password });
          return "Ada";
        },
      });
      expect(execution.text).toBe("hello Ada");
      expect(prompts).toEqual([{ prompt: "Name? ", password: false }]);
    });

    test("getpass asks for a password", async () => {
      const asked: boolean[] = [];
      const execution = await box.sandbox.runCode("import getpass\nlen(getpass.getpass())", {
        onInput: ({ password }) => {
          asked.push(password);
          return "secret";
        },
      });
      expect([execution.text, asked]).toEqual(["6", [true]]);
    });

    test("stdin is all of stdin, then end of file", async () => {
      const code =
        "import sys\nfirst = input()\nrest = sys.stdin.read()\ntry:\n    input()\n    end = 'more'\nexcept EOFError:\n    end = 'eof'\n(first, rest, end)";
      const { text } = await box.sandbox.runCode(code, { stdin: "ä one\ntwo\nthree" });
      expect(text).toBe(String.raw`('ä one', 'two\nthree', 'eof')`);
    });

    test("stdin of one run does not reach the next", async () => {
      await box.sandbox.runCode("pass", { stdin: "left over\n" });
      expect((await box.sandbox.runCode("input()")).status).toBe("error");
    });

    test("both is an invalid argument", async () => {
      const running = box.sandbox.runCode("input()", { stdin: "x", onInput: () => "y" });
      await expect(running).rejects.toMatchObject({ code: "invalid-argument" });
    });

    test("without either, input() fails in the code and says why", async () => {
      const { status, error } = await box.sandbox.runCode("input('Name? ')");
      expect(status).toBe("error");
      expect(error?.message).toMatch(/onInput.*stdin/s);
    });
  });

  describe("env and args", () => {
    test("env is for this run, and put back afterwards, only those keys", async () => {
      const context = await box.context({ env: { KEPT: "before" } });
      const during = await context.runCode(
        "import os\nos.environ['OWN'] = 'by code'\n(os.environ['KEPT'], os.environ['NEW'])",
        { env: { KEPT: 'it\'s "during"\n', NEW: "1" } },
      );
      expect(during.text).toBe(`('it\\'s "during"\\n', '1')`);
      expect((await context.runCode("(os.environ['KEPT'], os.environ.get('NEW'), os.environ['OWN'])")).text).toBe(
        "('before', None, 'by code')",
      );
    });

    test("env is put back also after a failure", async () => {
      const context = await box.context();
      await context.runCode("1 / 0", { env: { NEW: "1" } });
      expect((await context.runCode("import os; 'NEW' in os.environ")).text).toBe("False");
    });

    test("args are there without the program's name", async () => {
      const context = await box.context();
      const { text } = await context.runCode("import sys; sys.argv[1:]", { args: ["a b", "it's", '--flag="x"'] });
      expect(text).toBe(`['a b', "it's", '--flag="x"']`);
      expect((await context.runCode("import sys; sys.argv[1:]")).text).toBe("[]");
    });
  });

  describe("maxOutputBytes", () => {
    test("text past the limit is counted and dropped", async () => {
      const { logs, truncated, status } = await box.sandbox.runCode("print('x' * 10_000, end='')", {
        maxOutputBytes: { text: 1000, rich: 1000 },
      });
      const kept = logs.stdout.join("").length;
      expect(status).toBe("ok");
      expect(kept).toBeLessThanOrEqual(1000);
      expect(kept + (truncated?.omittedBytes ?? 0)).toBe(10_000);
    });

    test("the limit cuts no character in two", async () => {
      const { logs } = await box.sandbox.runCode("print('é😀' * 1000, end='')", {
        maxOutputBytes: { text: 1001, rich: 1000 },
      });
      expect(logs.stdout.join("")).toMatch(/^(é😀)*é?$/u);
    });

    test("rich data past the limit is counted and dropped, text goes on", async () => {
      const { results, truncated, logs } = await box.sandbox.runCode(
        "from IPython.display import display, HTML\ndisplay(HTML('y' * 100_000))\nprint('still here')",
        { maxOutputBytes: { text: 1000, rich: 1000 } },
      );
      expect(JSON.stringify(results).length).toBeLessThan(10_000);
      expect(truncated?.omittedBytes).toBeGreaterThan(90_000);
      expect(logs.stdout).toEqual(["still here\n"]);
    });

    test("by default 8 MiB of text are kept", async () => {
      const { logs, truncated } = await box.sandbox.runCode("print('x' * (9 << 20), end='')");
      expect(logs.stdout.join("").length).toBe(8 << 20);
      expect(truncated?.omittedBytes).toBe(1 << 20);
    });

    test("one run's limit is not the next one's", async () => {
      await box.sandbox.runCode("print('x' * 10_000)", { maxOutputBytes: { text: 10, rich: 10 } });
      expect((await box.sandbox.runCode("print('y' * 10_000)")).truncated).toBeUndefined();
    });
  });
});
