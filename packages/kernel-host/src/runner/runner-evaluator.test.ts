import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import type { Cell, CellIo, CellOutcome } from "../evaluator.ts";
import { InputError } from "../input-error.ts";
import { isAlive } from "./process-files.ts";
import { type RunnerEvaluator, startRunner } from "./runner-evaluator.ts";

const script = fileURLToPath(new URL("fake-runner.test-support.py", import.meta.url));
const started: RunnerEvaluator[] = [];

afterEach(() => {
  for (const evaluator of started.splice(0)) evaluator.close();
});

async function start(...options: readonly string[]): Promise<RunnerEvaluator> {
  const evaluator = await startRunner({ command: ["python3", "-u", script, ...options], startTimeoutMs: 2000 });
  started.push(evaluator);
  return evaluator;
}

type Ran = { readonly shown: readonly unknown[]; readonly outcome: CellOutcome };

/** Runs a cell; gives what it showed, text of one stream in one piece, and how it ended. */
async function run(
  evaluator: RunnerEvaluator,
  code: string,
  options: Partial<Cell> & {
    readonly onText?: (text: string) => void;
    readonly answer?: () => string | Promise<string>;
  } = {},
): Promise<Ran> {
  const { onText, answer, ...cell } = options;
  const shown: unknown[] = [];
  const io: CellIo = {
    write: (stream, text) => {
      const last = shown.at(-1);
      if (Array.isArray(last) && last[0] === stream) last[1] += text;
      else if (text !== "") shown.push([stream, text]);
      onText?.(text);
    },
    display: (bundle, id) => shown.push({ display: bundle.data, ...(id !== undefined && { id }) }),
    updateDisplay: (bundle, id) => shown.push({ update: bundle.data, id }),
    clearOutput: (wait) => shown.push({ clear: wait }),
    input: async (prompt, password) => {
      shown.push({ prompt, password });
      if (answer === undefined) throw new InputError("none");
      return answer();
    },
  };
  const usual = { count: 1, silent: false, stdin: { type: "ask" }, env: {}, args: [] } as const;
  return { outcome: await evaluator.execute({ ...usual, code, ...cell }, io), shown };
}

const okay = { status: "ok" };

/** The living and the dead that this process has as children. */
function children(): readonly string[] {
  return readdirSync("/proc/self/task").flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, "utf8").trim().split(" ").filter(Boolean),
  );
}

test("a runner says who it is, keeps its variables, and gets arguments and environment", async () => {
  const evaluator = await start();
  expect(evaluator.greeting).toEqual({
    languageVersion: "3.x",
    features: ["complete", "check", "inspect", "variables", "fork"],
  });
  await run(evaluator, "x = 20");
  const args = ["a b", ""];
  const { shown, outcome } = await run(evaluator, "print(x + 1, arguments, os.environ['E'])", {
    args,
    env: { E: "é\n" },
  });
  expect(outcome).toMatchObject(okay);
  expect(shown).toEqual([["stdout", "21 ['a b', ''] é\n\n"]]);
});

test("all output comes before the end, and the end before what comes late", async () => {
  const evaluator = await start();
  const { shown } = await run(
    evaluator,
    "os.write(1, b'x' * 3000000); os.write(1, '\u00e9'.encode()[:1]); os.write(1, b'\\xa9')",
  );
  expect(shown).toEqual([["stdout", `${"x".repeat(3_000_000)}\u00e9`]]);
});

test("a flood that ends while its reader rests loses nothing, and stays in order", async () => {
  const evaluator = await start();
  for (let kibibytes = 2040; kibibytes < 2400; kibibytes += 24) {
    const text = Array.from({ length: kibibytes * 128 }, (_, index) => String(index).padStart(8)).join("");
    const code = `os.write(1, b"".join(b"%8d" % index for index in range(${kibibytes * 128})))`;
    const { shown } = await run(evaluator, code);
    const [[, printed]] = shown as [[string, string]];
    expect([kibibytes, printed.length, printed === text]).toEqual([kibibytes, text.length, true]);
  }
});

test("displays, results and output keep their order where the runner waits for the host", async () => {
  const evaluator = await start();
  const code = `
def sync(): emit("sync", "t"); assert receive() == ["synced", "t"]
print("a"); emit("display", "", "text/html", "<b>"); sync()
os.write(2, b"e"); sync()
print("b"); emit("display", "id", "image/png", b"\\x00\\xff"); emit("update-display", "id", "application/json", "[1]")
emit("clear-output", "wait"); emit("stream", "stderr", b"\\xc3"); emit("stream", "stderr", b"\\xa9"); emit("result", "text/plain", "42", "application/json", "42")`;
  const { shown, outcome } = await run(evaluator, code);
  expect(shown).toEqual([
    ["stdout", "a\n"],
    { display: { "text/html": "<b>" } },
    ["stderr", "e"],
    ["stdout", "b\n"],
    { display: { "image/png": "AP8=" }, id: "id" },
    { update: { "application/json": [1] }, id: "id" },
    { clear: true },
    ["stderr", "\u00e9"],
  ]);
  expect(outcome).toEqual({ ...okay, result: { data: { "text/plain": "42", "application/json": 42 }, metadata: {} } });
});

test("an error has its name, message, line and traceback", async () => {
  const evaluator = await start();
  const { outcome } = await run(evaluator, "1 / 0");
  expect(outcome).toMatchObject({
    status: "error",
    error: { name: "ZeroDivisionError", message: "division by zero", lineNumber: 7 },
  });
  expect(outcome.status === "error" && outcome.error.traceback[0]).toContain("Traceback");
});

test("code that reads is seen to wait, with the prompt that it announced, once for each line", async () => {
  const evaluator = await start();
  const answers = ["one", "two"];
  const answer = (): string => answers.shift() ?? "too many";
  const code = `
emit("prompt", "Who? ", "password")
print(sys.stdin.readline(), end="")
os.system("read line; echo child $line")`;
  const { shown } = await run(evaluator, code, { answer });
  expect(shown).toEqual([
    { prompt: "Who? ", password: true },
    ["stdout", "one\n"],
    { prompt: "", password: false },
    ["stdout", "child two\n"],
  ]);
});

test("a text is all of stdin, however long; what is left of it is gone", async () => {
  const evaluator = await start();
  const text = "a line\n".repeat(100_000);
  const whole = await run(evaluator, "print(len(sys.stdin.read()))", { stdin: { type: "text", text } });
  expect(whole.shown).toEqual([["stdout", "700000\n"]]);
  await run(evaluator, "os.read(0, 3)", { stdin: { type: "text", text } });
  const next = await run(evaluator, "print(os.read(0, 9))", { stdin: { type: "text", text: "next" } });
  expect(next.shown).toEqual([["stdout", "b'next'\n"]]);
});

test("where nobody can be asked, reading ends, and says why", async () => {
  const evaluator = await start();
  const { shown } = await run(evaluator, "print(os.read(0, 9))");
  expect(shown.at(-1)).toEqual(["stdout", "b''\n"]);
  expect(JSON.stringify(shown)).toContain("neither onInput nor stdin");
});

test("an interrupt stops a loop and a question, and keeps the variables", async () => {
  const evaluator = await start();
  await run(evaluator, "x = 1");
  for (const wait of ["while True: pass", "os.read(0, 1)"]) {
    const onText = (): void => void evaluator.interrupt();
    const answer = (): Promise<string> => new Promise(() => undefined);
    const { outcome } = await run(evaluator, `x += 1\nprint("tick")\n${wait}`, { onText, answer });
    expect(outcome).toMatchObject({ status: "error", error: { name: "ExecutionInterrupted" } });
  }
  expect((await run(evaluator, "print(x)")).shown).toEqual([["stdout", "3\n"]]);
});

test("an interrupt reaches what the cell has started, and the cell goes on", async () => {
  const evaluator = await start();
  // Python itself takes no interrupt while it waits for this one.
  const code = 'print(os.system("echo tick; exec sleep 1000"))';
  const onText = (text: string): void => void (text.includes("tick") && evaluator.interrupt());
  const { outcome, shown } = await run(evaluator, code, { onText });
  expect(outcome).toMatchObject(okay);
  expect(shown).toEqual([["stdout", "tick\n2\n"]]);
});

test("the end of the runner is the end of all that its cells have started", async () => {
  const evaluator = await start();
  const { shown } = await run(evaluator, "import subprocess\nprint(subprocess.Popen(['sleep', '1000']).pid)");
  const [[, text]] = shown as [[string, string]];
  expect(isAlive(Number(text))).toBe(true);
  evaluator.close();
  await vi.waitUntil(() => !isAlive(Number(text)), 10_000);
});

test("an interrupt that comes before the cell runs is not lost, and one without a cell hits none", async () => {
  const evaluator = await start();
  const running = run(evaluator, "while True: pass");
  await evaluator.interrupt();
  expect((await running).outcome).toMatchObject({ status: "error", error: { name: "ExecutionInterrupted" } });
  await evaluator.interrupt();
  expect((await run(evaluator, "pass")).outcome).toMatchObject(okay);
});

test("code that ignores interrupts is ended, and a copy goes on from before the cell", async () => {
  const evaluator = await start();
  await run(evaluator, "x = 1");
  const code = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nx = 2\nprint('deaf')\nwhile True: pass";
  const { outcome } = await run(evaluator, code, { onText: () => void evaluator.interrupt() });
  expect(outcome).toMatchObject({
    error: { name: "ExecutionInterrupted", message: expect.stringContaining("before") },
  });
  expect((await run(evaluator, "print(x)")).shown).toEqual([["stdout", "1\n"]]);
});

test("after a crash a copy takes over, and after its crash its own copy, with what was printed before", async () => {
  const evaluator = await start();
  await run(evaluator, "x = 1");
  for (const signal of ["SEGV", "KILL", "ABRT"]) {
    const code = `x += 10\nprint("last words", flush=True)\nimport signal\nos.kill(os.getpid(), signal.SIG${signal})`;
    const { outcome, shown } = await run(evaluator, code);
    expect(outcome).toMatchObject({ status: "error", error: { name: "RunnerCrashed" } });
    expect(shown).toEqual([["stdout", "last words\n"]]);
    expect((await run(evaluator, "x += 1; print(x)")).outcome).toMatchObject(okay);
  }
  expect((await run(evaluator, "print(x)")).shown).toEqual([["stdout", "4\n"]]);
});

test("the first crash names its signal, and a dying runner's own words win", async () => {
  const evaluator = await start();
  const crash = await run(evaluator, "os.abort()");
  expect(crash.outcome).toMatchObject({ error: { message: expect.stringContaining("SIGABRT") } });
  const told = await run(evaluator, "emit('dying', 'Fatal', 'no memory', '3', ''); os._exit(255)");
  expect(told.outcome).toMatchObject({ error: { name: "Fatal", message: "no memory", lineNumber: 3 } });
});

test("without a copy the runner's end is the kernel's", async () => {
  const evaluator = await start("--no-copies");
  void run(evaluator, "os._exit(3)");
  expect(await evaluator.died).toEqual({ exitCode: 3, signal: null });
});

test("neither cells nor the end leave a process behind", async () => {
  const before = children();
  const evaluator = await start();
  for (let count = 0; count < 20; count += 1) await run(evaluator, "pass");
  const { shown } = await run(evaluator, "print(os.getpid(), open(f'/proc/self/task/{os.getpid()}/children').read())");
  const [[, text]] = shown as [[string, string]];
  // The runner itself is the one that was started, and its only child is the copy of this cell.
  expect(text.trim().split(/\s+/)).toHaveLength(2);
  evaluator.close();
  await evaluator.died;
  expect(children()).toEqual(before);
});

test("questions beside cells are answered, in UTF-16 positions", async () => {
  const evaluator = await start();
  expect(await evaluator.complete("\u{1F600}ab", 4)).toEqual({ matches: ["match"], start: 2, end: 4 });
  expect(await evaluator.isComplete("(")).toEqual({ status: "incomplete", indent: "  " });
  expect(await evaluator.inspect("\u00e9a", 1, 1)).toEqual({ data: { "text/plain": "\u00e9a:2:1" }, metadata: {} });
  expect(await evaluator.variables()).toEqual([
    { name: "x", type: "int", repr: "1", size: 28 },
    { name: "y", type: "file", repr: "?", size: null },
  ]);
});

test("a start that fails says what the runner said", async () => {
  await expect(start("--fail")).rejects.toThrow(/ended with 1: no such library/);
  await expect(start("--hang")).rejects.toThrow(/not ready within 2000 ms/);
  await expect(startRunner({ command: ["/nonexistent/runner"] })).rejects.toThrow("ENOENT");
});

test("what is no frame ends the runner", async () => {
  const evaluator = await start("--no-copies");
  void run(evaluator, "os.write(4, b'hello world\\n')\nwhile True: pass");
  expect(await evaluator.died).toMatchObject({ signal: "SIGKILL" });
});
