import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, fstatSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { descriptorWaitedFor, findWaitingReader, isAlive } from "./process-files.ts";
import { makeRunnerPipes, type RunnerPipes } from "./runner-pipes.ts";
import { RunnerStdin } from "./runner-stdin.ts";

const patienceMs = 10_000;

describe("a process", () => {
  test("that only waits to be reaped is not alive", async () => {
    const script = `
import os, sys
pid = os.fork()
if pid == 0: os._exit(0)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print(pid, flush=True)
sys.stdin.read()`;
    const parent = spawn("python3", ["-c", script]);
    try {
      const [pid] = (await once(parent.stdout, "data")) as [Buffer];
      expect(isAlive(Number(pid))).toBe(false);
      expect(isAlive(parent.pid ?? 0)).toBe(true);
    } finally {
      parent.kill("SIGKILL");
    }
  });

  test("that does not exist is not alive", () => {
    const { pid } = spawnSync("true");
    expect(isAlive(pid)).toBe(false);
  });
});

describe("what a thread waits for", () => {
  test.each([
    ["0 0x0 0x55d0 0x1000 0x0 0x0 0x0 0x7ffe 0x7f00", "x64", 0],
    ["0 0x5 0x55d0 0x1000", "x64", 5],
    ["270 0x1 0x7ffe 0x0", "x64", 0],
    ["270 0x0 0x0 0x0", "x64", undefined],
    ["1 0x1 0x55d0 0x1000", "x64", undefined],
    ["running", "x64", undefined],
    ["-1 0x7ffe 0x7f00", "x64", undefined],
    ["", "x64", undefined],
    ["63 0x0 0x55d0", "arm64", 0],
    ["63 0x0 0x55d0", "x64", undefined],
  ])("%j on %s is descriptor %s", (syscall, architecture, expected) => {
    expect(descriptorWaitedFor(syscall, architecture)).toBe(expected);
  });
});

describe("a reader of the runner's stdin", () => {
  let directory: string;
  let pipes: RunnerPipes;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "process-files-"));
    pipes = makeRunnerPipes(directory);
  });
  afterEach(() => {
    for (const descriptor of [...pipes.runner, ...Object.values(pipes.host)]) closeSync(descriptor);
    rmSync(directory, { recursive: true });
  });

  test("is found among the children, and only if it reads this pipe", async () => {
    const stdin = new RunnerStdin({ pipe: pipes.host.stdin, stdin: { type: "none" }, io: silent, drainEvents });
    const own = spawn("sh", ["-c", "cat; true"], { stdio: [pipes.runner[0], "ignore", "ignore"] });
    const other = spawn("sh", ["-c", "cat; true"], { stdio: ["pipe", "ignore", "ignore"] });
    const file = fstatSync(pipes.host.stdin);
    try {
      await vi.waitUntil(() => findWaitingReader(own.pid ?? 0, file), patienceMs);
      const others = statSync(`/proc/${other.pid}/fd/0`);
      await vi.waitUntil(() => findWaitingReader(other.pid ?? 0, others), patienceMs);
      expect(findWaitingReader(other.pid ?? 0, file)).toBeUndefined();
    } finally {
      stdin.close();
      own.kill("SIGKILL");
      other.kill("SIGKILL");
    }
  });

  test("that sleeps in a select is one only where the process's own select counts", async () => {
    // Somebody may still write: an end of file would end the wait.
    const stdin = new RunnerStdin({ pipe: pipes.host.stdin, stdin: { type: "none" }, io: silent, drainEvents });
    const script = "import select; select.select([0], [], [], 600)";
    const sleeper = spawn("python3", ["-c", script], { stdio: [pipes.runner[0], "ignore", "ignore"] });
    const parent = spawn("sh", ["-c", `python3 -c "${script}"; true`], {
      stdio: [pipes.runner[0], "ignore", "ignore"],
      detached: true,
    });
    const file = fstatSync(pipes.host.stdin);
    try {
      await vi.waitUntil(() => findWaitingReader(sleeper.pid ?? 0, file), patienceMs);
      expect(findWaitingReader(sleeper.pid ?? 0, file, false)).toBeUndefined();
      // What the process has started still counts.
      await vi.waitUntil(() => findWaitingReader(parent.pid ?? 0, file, false), patienceMs);
    } finally {
      stdin.close();
      sleeper.kill("SIGKILL");
      process.kill(-(parent.pid ?? 0), "SIGKILL");
    }
  });

  test("is asked once for each line, however often one looks", async () => {
    const prompts: string[] = [];
    const io = { ...silent, input: async (prompt: string) => `answer ${prompts.push(prompt)}` };
    // What was announced just before the wait has not been read yet.
    const announce = (): unknown => (stdin.prompt = { text: "Who? ", password: false });
    const stdin: RunnerStdin = new RunnerStdin({
      pipe: pipes.host.stdin,
      stdin: { type: "ask" },
      io,
      drainEvents: announce,
    });
    const script = "read a; read b; echo $a, $b";
    const child = spawn("sh", ["-c", script], { stdio: [pipes.runner[0], "pipe", "ignore"] });
    let printed = "";
    child.stdout?.on("data", (text: Buffer) => (printed += String(text)));
    try {
      while (child.exitCode === null) {
        for (let look = 0; look < 100; look += 1) {
          stdin.look(child.pid ?? 0);
          await Promise.resolve();
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      await vi.waitUntil(() => printed !== "", patienceMs);
      expect(printed).toBe("answer 1, answer 2\n");
      expect(prompts).toEqual(["Who? ", "Who? "]);
    } finally {
      stdin.close();
      child.kill("SIGKILL");
    }
  });
});

const drainEvents = (): void => undefined;
const silent = {
  write: () => undefined,
  display: () => undefined,
  updateDisplay: () => undefined,
  clearOutput: () => undefined,
  input: async () => "",
};
