import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boxdExitCodes } from "@kernelbox/protocol";
import { afterEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function startMain(config: object): Promise<ChildProcess> {
  const directory = await mkdtemp(join(tmpdir(), "boxd-main-"));
  const settings = { boxId: directory, socket: join(directory, "s"), workdir: join(directory, "w"), ...config };
  const child = spawn(process.execPath, ["--conditions=@kernelbox/source", "--import", "tsx", main], {
    env: { ...process.env, KERNELBOX_BOXD: JSON.stringify(settings) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  cleanups.push(async () => {
    child.kill("SIGKILL");
    await rm(directory, { recursive: true, force: true });
  });
  return child;
}

async function firstLine(child: ChildProcess): Promise<unknown> {
  const [line] = (await once(child.stdout ?? child, "data")) as [Buffer];
  return JSON.parse(line.toString());
}

test("SIGTERM after the ready line is a clean stop", async () => {
  const child = await startMain({});
  expect(await firstLine(child)).toEqual({ ready: true, pid: child.pid });
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([boxdExitCodes.stopped, null]);
});

test("idleness and age have exit codes of their own", async () => {
  const [idle, old] = [await startMain({ idleTimeoutMs: 100 }), await startMain({ maxLifetimeMs: 100 })];
  const exits = await Promise.all([once(idle, "exit"), once(old, "exit")]);
  expect(exits.map(([code]) => code as unknown)).toEqual([boxdExitCodes.idle, boxdExitCodes.lifetime]);
});

test("a configuration that does not fit ends it with a message", async () => {
  const child = await startMain({ workdir: 3 });
  const [said] = (await once(child.stderr ?? child, "data")) as [Buffer];
  expect(said.toString()).toContain('field \\"workdir\\" of KERNELBOX_BOXD');
  expect(await once(child, "exit")).toEqual([1, null]);
});
