import { chmod, lstat, mkdir, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Sandbox } from "kernelbox";
import { docker } from "kernelbox/docker";
import { afterEach, describe, expect, test } from "vitest";
import { processesWith } from "../helpers/box-processes.ts";
import { runtimes } from "../runtimes.ts";

const hasDocker = runtimes.some(({ name }) => name === "docker");

describe.skipIf(!hasDocker)("a box of an engine on this machine", () => {
  const open: Sandbox[] = [];
  afterEach(async () => {
    for (const sandbox of open.splice(0).reverse()) await sandbox.stop();
  });

  async function created(): Promise<Sandbox> {
    const sandbox = await Sandbox.create({ runtime: docker() });
    open.push(sandbox);
    return sandbox;
  }
  async function connected(id: string): Promise<Sandbox> {
    const sandbox = await Sandbox.connect(id, { runtime: docker() });
    open.push(sandbox);
    return sandbox;
  }

  test("is reached without anybody in between", async () => {
    const sandbox = await created();
    expect((await sandbox.runCode("6 * 7")).text).toBe("42");
    expect(relaysOf(sandbox)).toEqual([]);
    expect((await (await connected(sandbox.id)).runCode("6 * 7")).text).toBe("42");
    expect(relaysOf(sandbox)).toEqual([]);
  });

  test("is reached by exec where it cannot come to its client", async () => {
    const sandbox = await created();
    await sandbox.runCode("x = 42");
    const directory = await doorOf(sandbox);
    await chmod(directory, 0o700);
    const second = await connected(sandbox.id);
    expect((await second.runCode("x")).text).toBe("42");
    expect(relaysOf(sandbox).length).toBeGreaterThan(0);
  });

  test("sees its clients' sockets and can write nothing there", async () => {
    const sandbox = await created();
    const { stdout, exitCode } = await sandbox.exec("touch /run/kernelbox-clients/mine; ls /run/kernelbox-clients");
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect((await lstat(dirname(dirname(await doorOf(sandbox))))).mode & 0o077).toBe(0);
  });

  test("leaves no directory, and what others left is removed", async () => {
    const sandbox = await created();
    const directory = await doorOf(sandbox);
    const parent = dirname(directory);
    const left = join(parent, "00000000-left-behind");
    await mkdir(left, { recursive: true });
    await sandbox.stop();
    expect(await readdir(parent)).not.toContain(sandbox.id);
    const young = join(parent, "00000000-in-the-making");
    await mkdir(young, { recursive: true });
    await utimes(left, 0, 0);
    await created();
    await expect.poll(() => readdir(parent)).not.toContain("00000000-left-behind");
    expect(await readdir(parent)).toContain("00000000-in-the-making");
    await rm(young, { recursive: true });
  });
});

function relaysOf(sandbox: Sandbox): readonly string[] {
  return processesWith(`KERNELBOX_BOX_ID=${sandbox.id}`).flatMap(({ command }) =>
    command[0] === "socat" ? [command.join(" ")] : [],
  );
}

/** Where this user's clients listen for the box. */
async function doorOf(sandbox: Sandbox): Promise<string> {
  const own = process.env["XDG_RUNTIME_DIR"];
  const parent =
    own === undefined ? join(tmpdir(), `kernelbox-doors-${process.getuid?.()}`) : join(own, "kernelbox-doors");
  for (const engine of await readdir(parent)) {
    if ((await readdir(join(parent, engine))).includes(sandbox.id)) return join(parent, engine, sandbox.id);
  }
  throw new Error(`no directory of box ${sandbox.id} below ${parent}`);
}
