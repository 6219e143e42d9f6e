import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const canCompile = process.platform === "linux" && spawnSync("cc", ["--version"]).status === 0;

describe.runIf(canCompile)("the supervisor", () => {
  let directory: string;
  let program: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "kernelbox-supervisor-"));
    program = join(directory, "kernelbox-supervisor");
    const source = join(import.meta.dirname, "supervisor.c");
    execFileSync("cc", ["-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source]);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  function run(script: string): {
    readonly status: number | null;
    readonly signal: string | null;
    readonly stdout: string;
  } {
    const { status, signal, stdout } = spawnSync(program, ["bash", "-c", script], {
      encoding: "utf8",
      timeout: 20_000,
    });
    return { status, signal, stdout };
  }

  test("ends the way its program does", () => {
    expect(run("exit 81")).toMatchObject({ status: 81, signal: null });
    expect(run("kill -SEGV $$")).toMatchObject({ status: null, signal: "SIGSEGV" });
  });

  test("adopts orphans, and tells how each has ended", () => {
    const { stdout } = run(`
      (setsid bash -c 'sleep 0.1; exit 7' & echo "one $!")
      (setsid bash -c 'sleep 0.2; kill -9 $$' & echo "two $!")
      timeout 10 head -n 2 <&"$KERNELBOX_ENDS_FD"`);
    const pid = (name: string): string => new RegExp(`^${name} (\\d+)$`, "m").exec(stdout)?.[1] ?? "";
    expect(stdout).toContain(`exited ${pid("one")} 7\nkilled ${pid("two")} 9\n`);
  });

  test("leaves nothing behind, whatever left its session", () => {
    const { stdout } = run("(setsid nohup sleep 300 >/dev/null 2>&1 & echo $!)");
    const pid = stdout.trim();
    expect(Number(pid)).toBeGreaterThan(1);
    expect(() => readFileSync(`/proc/${pid}/stat`)).toThrow(/ENOENT|ESRCH/);
  });

  test("passes signals on, and asks its program to stop when it is killed itself", async () => {
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const script = "trap 'echo asked; exit 3' TERM; echo ready; while :; do sleep 0.05; done";
      const child = spawn(program, ["bash", "-c", script], { stdio: ["ignore", "pipe", "inherit"] });
      let said = "";
      child.stdout.on("data", (chunk: Buffer) => {
        said += String(chunk);
        if (said === "ready\n") child.kill(signal);
      });
      await once(child, "close");
      expect(said).toBe("ready\nasked\n");
      expect([child.exitCode, child.signalCode]).toEqual(signal === "SIGTERM" ? [3, null] : [null, "SIGKILL"]);
    }
  });

  test("says so when it cannot start its program", () => {
    const { status, stderr } = spawnSync(program, ["/nowhere/boxd"], { encoding: "utf8" });
    expect([status, stderr]).toEqual([1, "kernelbox-supervisor: /nowhere/boxd: No such file or directory\n"]);
    expect(spawnSync(program).status).toBe(2);
  });
});
