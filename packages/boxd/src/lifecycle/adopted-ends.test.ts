import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, fstatSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type AdoptedEnds, openAdoptedEnds } from "./adopted-ends.ts";

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

/** A number that no process has: it has just ended. */
async function endedPid(): Promise<number> {
  const child = spawn("true");
  await once(child, "exit");
  return child.pid ?? 0;
}

describe.runIf(process.platform === "linux")("the ends that a supervisor tells", () => {
  function supervised(): {
    readonly inherited: number;
    readonly ends: AdoptedEnds;
    say(lines: string): void;
    readonly environment: NodeJS.ProcessEnv;
  } {
    const directory = mkdtempSync(join(tmpdir(), "kernelbox-ends-"));
    cleanUps.push(() => rmSync(directory, { recursive: true }));
    const path = join(directory, "fifo");
    execFileSync("mkfifo", [path]);
    const writer = openSync(path, constants.O_RDWR);
    cleanUps.push(() => closeSync(writer));
    const inherited = openSync(path, constants.O_RDWR);
    const environment: NodeJS.ProcessEnv = { KERNELBOX_ENDS_FD: String(inherited) };
    const ends = openAdoptedEnds(environment);
    cleanUps.push(() => ends.close());
    return { ends, say: (lines) => void writeSync(writer, lines), environment, inherited };
  }

  test("are exit codes and signals, for whoever waits", async () => {
    const { ends, say } = supervised();
    const [one, two] = [ends.ended(1_000_001), ends.ended(1_000_002)];
    say("exited 1000001 3\nkilled 1000002 11\n");
    expect(await one).toEqual({ exitCode: 3, signal: null });
    expect(await two).toEqual({ exitCode: null, signal: "SIGSEGV" });
  });

  test("are known of a process that ended before anybody asked", async () => {
    const { ends, say } = supervised();
    const pid = await endedPid();
    say(`exited 1000003 0\nexited ${pid} 7\nexited 1000004 0\n`);
    // In order: this one was read after those.
    expect(await ends.ended(1_000_004)).toEqual({ exitCode: 0, signal: null });
    expect(await ends.ended(pid)).toEqual({ exitCode: 7, signal: null });
  });

  test("of a number's last owner are not those of the process that has it now", async () => {
    const { ends, say } = supervised();
    say(`exited ${process.pid} 1\nexited 1000005 0\n`);
    await ends.ended(1_000_005);
    const mine = ends.ended(process.pid);
    say(`killed ${process.pid} 9\n`);
    expect(await mine).toEqual({ exitCode: null, signal: "SIGKILL" });
  });

  test("come by a descriptor that no child inherits", () => {
    const { environment, inherited } = supervised();
    expect(environment).toEqual({});
    expect(() => fstatSync(inherited)).toThrow("EBADF");
    const open = execFileSync("ls", ["-l", "/proc/self/fd"], { encoding: "utf8" });
    expect(open).not.toContain("fifo");
  });
});

describe("without a supervisor", () => {
  test("it is seen that a process is gone, and not how", async () => {
    const ends = openAdoptedEnds({});
    cleanUps.push(() => ends.close());
    const child = spawn("sleep", ["60"]);
    let isOver = false;
    const over = ends.ended(child.pid ?? 0).then((end) => {
      isOver = true;
      return end;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(isOver).toBe(false);
    child.kill("SIGKILL");
    expect(await over).toEqual({ exitCode: null, signal: null });
  });

  test("a process that is gone already has ended", async () => {
    const ends = openAdoptedEnds({});
    cleanUps.push(() => ends.close());
    expect(await ends.ended(await endedPid())).toEqual({ exitCode: null, signal: null });
  });
});
