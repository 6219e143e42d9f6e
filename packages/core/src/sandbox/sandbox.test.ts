import { afterAll, beforeAll, expect, test } from "vitest";
import { boxdRuntime } from "../test-support/boxd-runtime.test-support.ts";
import { Sandbox, getSandbox } from "./sandbox.ts";

const runtime = boxdRuntime();
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await Sandbox.create({ runtime, files: { "data/in.txt": "hello" } });
}, 60_000);
afterAll(() => runtime.close(), 30_000);

test("code runs, keeps its variables and has a result", async () => {
  await sandbox.runCode("x = 41");
  expect(await sandbox.runCode("x + 1")).toMatchObject({ status: "ok", text: "42", code: "x + 1", language: "python" });
});

test("files are there before the first code", async () => {
  const execution = await sandbox.runCode("print(open('data/in.txt').read())");
  expect(execution.logs.stdout).toEqual(["hello\n"]);
});

test("uniformly indented and empty code run", async () => {
  expect((await sandbox.runCode("    y = 1\n    y + 1")).text).toBe("2");
  expect(await sandbox.runCode("")).toMatchObject({ status: "ok", outputs: [] });
});

test("callbacks are awaited in order", async () => {
  const seen: string[] = [];
  await sandbox.runCode("import sys; print('a', flush=True); print('b', file=sys.stderr, flush=True); 3", {
    onStart: () => seen.push("start"),
    onStdout: async (output) => {
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(output.text);
    },
    onStderr: (output) => seen.push(output.text),
    onResult: (result) => seen.push(result.text ?? ""),
  });
  expect(seen.join("|").replaceAll("|\n", "\n")).toBe("start|a\n|b\n|3");
});

test("a callback that throws interrupts, and its error comes out unchanged", async () => {
  const own = new RangeError("mine");
  const running = sandbox.runCode("import time\nwhile True: print('x', flush=True); time.sleep(0.01)", {
    onStdout: () => {
      throw own;
    },
  });
  await expect(running).rejects.toBe(own);
  expect((await sandbox.runCode("1")).text).toBe("1");
});

test("an abort of running code rejects with what had arrived", async () => {
  const controller = new AbortController();
  const running = sandbox.runCode("print('before', flush=True)\nwhile True: pass", {
    signal: controller.signal,
    onStdout: () => controller.abort("enough"),
  });
  await expect(running).rejects.toMatchObject({
    name: "AbortError",
    cause: "enough",
    execution: { logs: { stdout: ["before\n"] } },
  });
  expect((await sandbox.runCode("1")).text).toBe("1");
});

test("an aborted queued cell never runs", async () => {
  const controller = new AbortController();
  const first = sandbox.runCode("import time; time.sleep(0.5)", { onStart: () => controller.abort() });
  const queued = sandbox.runCode("ran = True", { signal: controller.signal });
  await expect(queued).rejects.toMatchObject({ name: "AbortError", execution: undefined });
  await first;
  expect((await sandbox.runCode("'ran' in globals()")).text).toBe("False");
});

test("leaving the loop early interrupts the code", async () => {
  for await (const event of sandbox.streamCode("while True: print('x', flush=True)")) {
    if (event.type === "stdout") break;
  }
  expect((await sandbox.runCode("1")).text).toBe("1");
});

test("a tunnel that breaks loses no output and runs nothing twice", async () => {
  let cuts = 0;
  const code =
    "import time\nn = globals().get('n', 0) + 1\nfor i in range(300): print(i, flush=True); time.sleep(0.002)";
  const execution = await sandbox.runCode(code, {
    onStdout: () => {
      cuts += 1;
      if (cuts === 20 || cuts === 150) runtime.cut();
    },
  });
  expect(execution.logs.stdout).toEqual(Array.from({ length: 300 }, (_, index) => `${index}\n`));
  expect((await sandbox.runCode("n")).text).toBe("1");
});

test("input comes from onInput", async () => {
  const execution = await sandbox.runCode("print('got', input('name? '))", { onInput: ({ prompt }) => `${prompt}Ada` });
  expect(execution.logs.stdout.join("")).toContain("got name? Ada\n");
});

test("completion counts UTF-16 units", async () => {
  const context = await sandbox.defaultCodeContext();
  const code = "'😀'; impo";
  expect(await context.complete(code, code.length)).toMatchObject({
    matches: ["import"],
    cursorStart: 6,
    cursorEnd: 10,
  });
});

test("a default context that was deleted elsewhere is made again", async () => {
  const context = await sandbox.defaultCodeContext();
  const other = await Sandbox.connect(sandbox.id, { runtime });
  await other.deleteCodeContext(context.id);
  await other.disconnect();
  expect((await sandbox.runCode("5")).text).toBe("5");
});

test("another process attaches to a running execution from its first event", async () => {
  const context = await sandbox.createCodeContext();
  let id = "";
  const running = context.runCode("print('first', flush=True)\nimport time; time.sleep(0.3)\nprint('last')", {
    onStdout: async (output) => {
      if (!output.text.startsWith("first")) return;
      const [record] = await context.listExecutions();
      id = record?.executionId ?? "";
    },
  });
  const expected = await running;
  const other = await Sandbox.connect(sandbox.id, { runtime });
  const attached = await (await other.getCodeContext(context.id)).attachExecution(id);
  expect(attached.logs).toEqual(expected.logs);
  await other.disconnect();
  await context.delete();
  await expect(context.runCode("1")).rejects.toMatchObject({ code: "context-not-found" });
});

test("wrong arguments are refused by name", async () => {
  const wrong = (options: object) => sandbox.runCode("1", options);
  await expect(wrong({ timeout: 1 })).rejects.toThrow(/"timeout" is not an option/);
  await expect(wrong({ timeoutMs: -1 })).rejects.toMatchObject({
    code: "invalid-argument",
    details: { option: "timeoutMs" },
  });
  await expect(wrong({ timeoutMs: Number.NaN })).rejects.toMatchObject({ code: "invalid-argument" });
  await expect(wrong({ env: { A: 1 } })).rejects.toMatchObject({ code: "invalid-argument" });
  await expect(wrong({ stdin: "a", onInput: () => "b" })).rejects.toThrow(/exclude each other/);
  await expect(wrong({ context: "a", language: "python" })).rejects.toThrow(/exclude each other/);
  await expect(sandbox.runCode(1 as unknown as string)).rejects.toThrow(/code must be a string/);
});

test("what was written and cannot be kept is refused; defaults are dropped", async () => {
  await expect(Sandbox.create({ runtime, memoryMiB: 64 })).rejects.toThrow(
    'runtime "boxd-process" cannot limit memory; remove memoryMiB or use the docker runtime',
  );
  expect(sandbox.limits).toEqual({});
});

test("files round trip in every encoding", async () => {
  const bytes = new Uint8Array([0, 255, 10]);
  await sandbox.writeFile("new/dir/b.bin", bytes);
  expect((await sandbox.readFile("new/dir/b.bin", { encoding: "bytes" })).content).toEqual(bytes);
  expect((await sandbox.readFile("new/dir/b.bin", { encoding: "base64" })).content).toBe("AP8K");
  await sandbox.writeFile("new/dir/c.json", new Blob(["{}"]));
  const { content, mimeType } = await sandbox.readFile("new/dir/c.json");
  expect([content, mimeType]).toEqual(["{}", "application/json"]);
  expect(await sandbox.exists("new/none")).toBe(false);
  await expect(sandbox.readFile("new/none")).rejects.toMatchObject({ code: "file-not-found" });
});

test("a command's exit is data, and an abort kills it", async () => {
  expect(await sandbox.exec(["sh", "-c", "echo é; exit 3"])).toMatchObject({
    exitCode: 3,
    success: false,
    stdout: "é\n",
  });
  const controller = new AbortController();
  const running = sandbox.exec("echo up; sleep 100", { signal: controller.signal, onStdout: () => controller.abort() });
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
});

test("the Jupyter API on loopback needs its token", async () => {
  const jupyter = await sandbox.exposeJupyter();
  expect((await fetch(`${jupyter.url}/api/kernelspecs`)).status).toBe(403);
  const answer = await fetch(`${jupyter.url}/api/kernelspecs?token=${jupyter.token}`);
  expect(await answer.json()).toHaveProperty("kernelspecs.python3");
  await jupyter.close();
});

test("a name gives the living sandbox, and other options are a conflict", async () => {
  const first = await getSandbox("user-42", { runtime, env: { A: "1" } });
  const again = await getSandbox("user-42", { runtime, env: { A: "1" } });
  expect(again.id).toBe(first.id);
  await expect(getSandbox("user-42", { runtime })).rejects.toMatchObject({ code: "sandbox-options-conflict" });
  await expect(getSandbox("User", { runtime })).rejects.toMatchObject({ code: "invalid-argument" });
  await again.disconnect();
  await Sandbox.stop(first.id, { runtime });
  await expect(first.runCode("1")).rejects.toMatchObject({ code: "box-exited" });
});

test("the end of the box rejects what runs", async () => {
  const box = await Sandbox.create({ runtime });
  const running = box.runCode("import time; time.sleep(60)", { onStart: () => runtime.kill() });
  await expect(running).rejects.toMatchObject({ code: "box-exited", details: { reason: "crashed" } });
});
