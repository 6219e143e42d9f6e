import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import type { CellOutcome, ProcessCopy } from "../evaluator.ts";
import { writeHostState } from "../host-state.ts";
import { makeConnectionFile, TestClient } from "../test-client.test-support.ts";
import { isAlive } from "./process-files.ts";
import { type RunnerEvaluator, adoptRunner, startRunner } from "./runner-evaluator.ts";

const script = fileURLToPath(new URL("fake-runner.test-support.py", import.meta.url));
const evaluators: RunnerEvaluator[] = [];
const handovers: Handover[] = [];

afterEach(() => {
  for (const evaluator of evaluators.splice(0)) evaluator.close();
  for (const handover of handovers.splice(0)) handover.close();
});

function own(evaluator: RunnerEvaluator): RunnerEvaluator {
  evaluators.push(evaluator);
  return evaluator;
}

async function start(...options: readonly string[]): Promise<RunnerEvaluator> {
  return own(await startRunner({ command: ["python3", "-u", script, ...options] }));
}

/** Pipes that somebody holds open, as boxd does. */
class Handover {
  readonly directory: string = mkdtempSync(join(tmpdir(), "kernel-host-test-"));
  #descriptors: readonly number[];

  constructor() {
    const paths = ["in", "out", "err", "requests", "events"].map((name) => join(this.directory, name));
    execFileSync("mkfifo", paths);
    this.#descriptors = paths.map((path) => openSync(path, constants.O_RDWR | constants.O_NONBLOCK));
    handovers.push(this);
  }

  close(): void {
    for (const descriptor of this.#descriptors) closeSync(descriptor);
    this.#descriptors = [];
    rmSync(this.directory, { recursive: true, force: true });
  }
}

type Ran = { readonly text: string; readonly outcome: CellOutcome };

async function run(evaluator: RunnerEvaluator, code: string, onText?: (text: string) => void): Promise<Ran> {
  let printed = "";
  const outcome = await evaluator.execute(
    { code, count: 1, silent: false, stdin: { type: "none" }, env: {}, args: [] },
    {
      write: (_stream, text) => {
        printed += text;
        onText?.(text);
      },
      display: () => undefined,
      updateDisplay: () => undefined,
      clearOutput: () => undefined,
      input: () => Promise.reject(new Error("nobody is there")),
    },
  );
  return { text: printed, outcome };
}

async function textOf(evaluator: RunnerEvaluator, code: string): Promise<string> {
  return (await run(evaluator, code)).text;
}

/** A copy with a host of its own. */
async function forkOf(
  evaluator: RunnerEvaluator,
): Promise<{ readonly copy: ProcessCopy; readonly fork: RunnerEvaluator }> {
  const { directory } = new Handover();
  const copy = await evaluator.fork(directory);
  return { copy, fork: own(await adoptRunner({ directory, pid: copy.pid })) };
}

/** The parent, the group and the session of a process. */
function kinOf(pid: number): readonly number[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  return stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(1, 4)
    .map(Number);
}

test("a copy has the variables, goes its own way, leads a session and is nobody's child", async () => {
  const evaluator = await start();
  await run(evaluator, "x = [1]");
  const { copy, fork } = await forkOf(evaluator);
  expect(copy.losses).toEqual([]);
  expect(await textOf(fork, "x.append(2); print(x, os.getpid())")).toBe(`[1, 2] ${copy.pid}\n`);
  expect(await textOf(evaluator, "print(x)")).toBe("[1]\n");
  const runner = Number(await textOf(evaluator, "print(os.getpid())"));
  const [parent, group, session] = kinOf(copy.pid);
  expect([group, session]).toEqual([copy.pid, copy.pid]);
  expect([runner, process.pid]).not.toContain(parent);
  expect(fork.greeting).toEqual(evaluator.greeting);
});

test("the end of the original is not the copy's, and the copy's end takes with it what it has started", async () => {
  const evaluator = await start();
  await run(evaluator, "x = 1");
  const { copy, fork } = await forkOf(evaluator);
  evaluator.close();
  expect(await textOf(fork, "print(x)")).toBe("1\n");
  const child = Number(await textOf(fork, "import subprocess; print(subprocess.Popen(['sleep', '1000']).pid)"));
  fork.close();
  await vi.waitUntil(() => !isAlive(child) && !isAlive(copy.pid), 10_000);
  expect(await fork.died).toEqual({ exitCode: null, signal: "SIGKILL" });
});

test("a copy that waits can be copied again and again, and ends when nobody holds its pipes", async () => {
  const evaluator = await start();
  await run(evaluator, "x = 1");
  const waiting = new Handover();
  const { pid } = await evaluator.fork(waiting.directory);
  evaluator.close();
  for (let round = 0; round < 2; round += 1) {
    const { directory } = new Handover();
    const thawed = own(await adoptRunner({ directory, source: waiting.directory }));
    expect(await textOf(thawed, "x += 1; print(x)")).toBe("2\n");
  }
  expect(isAlive(pid)).toBe(true);
  waiting.close();
  await vi.waitUntil(() => !isAlive(pid), 10_000);
});

test("a host with a runner of its own gives that up for a copy; the same copy again changes nothing", async () => {
  const evaluator = await start();
  await run(evaluator, "x = 1");
  const spare = await start();
  const before = Number(await textOf(spare, "print(os.getpid())"));
  const { directory } = new Handover();
  const { pid } = await evaluator.fork(directory);
  expect(await spare.adopt({ directory, pid })).toBe(pid);
  expect(await spare.adopt({ directory, pid })).toBe(pid);
  await vi.waitUntil(() => !isAlive(before), 10_000);
  expect(await textOf(spare, "print(x)")).toBe("1\n");
});

test("an interrupt hits the copy and not the original", async () => {
  const evaluator = await start();
  const { fork } = await forkOf(evaluator);
  const slow = run(evaluator, "import time; time.sleep(0.3); print('slept')");
  const { outcome } = await run(fork, "print('tick')\nwhile True: pass", () => void fork.interrupt());
  expect(outcome).toMatchObject({ status: "error", error: { name: "ExecutionInterrupted" } });
  expect((await slow).text).toBe("slept\n");
});

test("after a crash the copy has its own copy, which can be copied", async () => {
  const evaluator = await start();
  await run(evaluator, "x = 1");
  const { fork } = await forkOf(evaluator);
  for (let round = 0; round < 2; round += 1) {
    expect((await run(fork, "x = 2; os.abort()")).outcome).toMatchObject({ error: { name: "RunnerCrashed" } });
  }
  expect(await textOf((await forkOf(fork)).fork, "print(x)")).toBe("1\n");
});

test("a copy that is killed between two cells is missed", async () => {
  const evaluator = await start();
  const { copy, fork } = await forkOf(evaluator);
  process.kill(copy.pid, "SIGKILL");
  expect(await fork.died).toEqual({ exitCode: null, signal: null });
});

test("threads, child processes and connections are said to be missing", async () => {
  const evaluator = await start();
  await run(
    evaluator,
    `import socket, subprocess, threading, time
threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
child = subprocess.Popen(["sleep", "1000"])
server = socket.create_server(("127.0.0.1", 0)); client = socket.create_connection(server.getsockname())`,
  );
  const { losses } = await evaluator.fork(new Handover().directory);
  expect(losses.map((loss) => loss.replaceAll(/\d+/g, "N")).toSorted()).toEqual([
    "the process sleep (N) stays with the original",
    expect.stringMatching(/^the tcp socket on port N is shared with the original$/),
    expect.stringMatching(/^the tcp socket on port N, connected to port N is shared with the original$/),
    expect.stringMatching(/^the thread .* \(N\) does not run in the fork$/),
  ]);
});

test("where there is no room for a copy the original says so and goes on", async () => {
  const evaluator = await start("--no-room");
  await run(evaluator, "x = 1");
  await expect(evaluator.fork(new Handover().directory)).rejects.toThrow("no process can be made");
  expect(await textOf(evaluator, "print(x)")).toBe("1\n");
});

test("a runner that cannot copy itself is not asked", async () => {
  const evaluator = await start("--no-forks");
  await expect(evaluator.fork(new Handover().directory)).rejects.toMatchObject({ name: "CapabilityUnsupported" });
});

test("a copy that ends before it is ready is a failure, and nothing is left of it", async () => {
  const evaluator = await start("--mute");
  const { directory } = new Handover();
  const { pid } = await evaluator.fork(directory);
  await expect(adoptRunner({ directory, pid })).rejects.toThrow(`the runner that was copied (${pid}) ended`);
  expect(existsSync(directory)).toBe(false);
});

test("a kernel that is told of a copy at its start starts no runner, and ends with the copy", async () => {
  const evaluator = await start();
  await run(evaluator, "x = 1");
  const { directory } = new Handover();
  const { pid } = await evaluator.fork(directory);
  writeHostState(directory, { count: 7, history: [] });
  const connection = await makeConnectionFile();
  const program = fileURLToPath(new URL("adopting-kernel.test-support.ts", import.meta.url));
  const kernel = spawn(process.execPath, ["--import", "tsx", program, connection.path], {
    env: { ...process.env, KERNELBOX_ADOPTION: JSON.stringify({ directory, pid }) },
    stdio: "inherit",
  });
  const client = new TestClient(connection.ports);
  try {
    await client.until(({ type }) => type === "iopub_welcome");
    const { published, reply } = await client.run("print(x, 'KERNELBOX_ADOPTION' in os.environ)");
    expect(published.map(({ content }) => content["text"])).toContain("1 False\n");
    expect(reply.content["execution_count"]).toBe(8);
    process.kill(pid, "SIGKILL");
    expect(await once(kernel, "exit")).toEqual([0, null]);
  } finally {
    kernel.kill("SIGKILL");
    client.close();
    connection.remove();
  }
});
