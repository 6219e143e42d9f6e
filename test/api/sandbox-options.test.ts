import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { Sandbox } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { collectingLogger } from "../helpers/collecting-logger.ts";
import { endlessLoop } from "../helpers/python.ts";

describeOnEveryRuntime("options of Sandbox.create", (box) => {
  const { capabilities } = box.runtime;

  test.runIf(capabilities.network.includes("none"))("there is no network by default", async () => {
    expect(box.sandbox.limits.network).toBe("none");
    const { text } = await box.sandbox.runCode(
      "import socket\n[name for _, name in socket.if_nameindex() if name != 'lo']",
    );
    expect(text).toBe("[]");
  });

  test.runIf(box.isContainer)("network: internet gives an interface besides loopback", async () => {
    const sandbox = await box.create({ network: "internet" });
    const { text } = await sandbox.runCode("import socket\nlen(socket.if_nameindex()) > 1");
    expect([sandbox.limits.network, text]).toEqual(["internet", "True"]);
  });

  test("an allowlist of hosts is refused before anything starts", async () => {
    await expect(box.create({ network: { allow: ["example.com"] } as never })).rejects.toMatchObject({
      code: "capability-unsupported",
    });
  });

  test("an image that does not exist is an error of its own", async () => {
    const code = capabilities.image ? "image-not-found" : "capability-unsupported";
    await expect(box.create({ image: "kernelbox/no-such-image:0.0" })).rejects.toMatchObject({ code });
  });

  test.each([
    ["memoryMiB", capabilities.memory, { memoryMiB: 512 }],
    ["cpus", capabilities.cpu, { cpus: 1 }],
    ["pids", capabilities.pids, { pids: 256 }],
    ["diskMiB", capabilities.disk, { diskMiB: 64 }],
  ] as const)("%s is enforced and shown, or refused with its name", async (name, isEnforced, limit) => {
    if (isEnforced) {
      expect((await box.create(limit)).limits).toMatchObject(limit);
    } else {
      const failure = await box.create(limit).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "capability-unsupported", message: expect.stringContaining(name) });
    }
  });

  test("limits that were not written show only what is enforced", () => {
    const { limits } = box.sandbox;
    expect(limits.memoryMiB).toBe(capabilities.memory ? 2048 : undefined);
    expect(limits.cpus).toBe(capabilities.cpu ? 2 : undefined);
    expect(limits.pids).toBe(capabilities.pids ? 512 : undefined);
    expect(limits.diskMiB).toBe(capabilities.disk ? 1024 : undefined);
  });

  test.runIf(capabilities.cpu)("cpus limits the box's time on the processors", async () => {
    const sandbox = await box.create({ cpus: 0.5 });
    const { usage } = await sandbox.runCode("import time\nend = time.time() + 1.5\nwhile time.time() < end: pass");
    expect(usage?.cpuMs ?? 0).toBeGreaterThan(100);
    expect(usage?.cpuMs ?? 0).toBeLessThan(1200);
  });

  test.runIf(capabilities.pids)("pids limits processes", async () => {
    const sandbox = await box.create({ pids: 100 });
    const { error } = await sandbox.runCode(
      "import subprocess\nall = [subprocess.Popen(['sleep', '60']) for _ in range(150)]",
    );
    expect(error?.name).toBe("BlockingIOError");
  });

  test.runIf(capabilities.disk)("diskMiB limits what can be written", async () => {
    const sandbox = await box.create({ diskMiB: 32 });
    const { error } = await sandbox.runCode(
      "with open('big', 'wb') as f:\n    for _ in range(64): f.write(bytes(1 << 20))",
    );
    expect(error?.message).toContain("No space left on device");
  });

  test("env reaches code and commands unchanged", async () => {
    const value = "a 'quoted' \"$HOME\"\nsecond line ünï";
    const sandbox = await box.create({ env: { KERNELBOX_TEST: value, TZ: "Asia/Tokyo" } });
    const { text } = await sandbox.runCode("import os, time\n(os.environ['KERNELBOX_TEST'], time.strftime('%z'))");
    expect(text).toContain("+0900");
    expect((await sandbox.runCode("os.environ['KERNELBOX_TEST']")).text).toBe(value);
    expect((await sandbox.exec('printf %s "$KERNELBOX_TEST"')).stdout).toBe(value);
  });

  test("code, commands and relative paths start at workdir", async () => {
    const { workdir } = box.sandbox;
    await box.sandbox.writeFile("at-workdir.txt", "here");
    expect((await box.sandbox.runCode("import os; os.getcwd()")).text).toBe(workdir);
    expect((await box.sandbox.exec("pwd; cat at-workdir.txt")).stdout).toBe(`${workdir}\nhere`);
  });

  test.runIf(box.name !== "local-unboxed")(
    "the default workdir is /workspace, and /mnt/data is writable too",
    async () => {
      expect(box.sandbox.workdir).toBe("/workspace");
      expect((await box.sandbox.runCode("open('/mnt/data/x', 'w').write('abc')")).text).toBe("3");
      expect((await box.sandbox.runCode("open('/workspace/x', 'w').write('abc')")).text).toBe("3");
    },
  );

  test.runIf(box.name !== "local-unboxed")("a workdir of one's own is used", async () => {
    const sandbox = await box.create({ workdir: "/workspace/project" });
    expect((await sandbox.runCode("import os; os.getcwd()")).text).toBe("/workspace/project");
  });

  test("timeoutMs is the time limit of every run that says nothing else", async () => {
    const sandbox = await box.create({ timeoutMs: 300 });
    expect((await sandbox.runCode(endlessLoop)).status).toBe("timed-out");
    expect((await sandbox.runCode("import time; time.sleep(0.5)", { timeoutMs: 0 })).status).toBe("ok");
  });

  test("files are there before the first cell: text, bytes and a stream", async () => {
    const sandbox = await box.create({
      files: { "a.txt": "text", "deep/b.bin": new Uint8Array([0, 255]), "c.txt": Readable.from(["st", "ream"]) },
    });
    const { text } = await sandbox.runCode("[open(p, 'rb').read() for p in ('a.txt', 'deep/b.bin', 'c.txt')]");
    expect(text).toBe(String.raw`[b'text', b'\x00\xff', b'stream']`);
  });

  describe.runIf(capabilities.mounts)("mounts", () => {
    async function hostDirectory(): Promise<string> {
      const directory = await mkdtemp(join(tmpdir(), "kernelbox-mount-"));
      box.defer(() => rm(directory, { recursive: true, force: true }));
      await writeFile(join(directory, "in.txt"), "from the host");
      // The user of the box is nobody that the host knows.
      await chmod(directory, 0o755);
      return directory;
    }

    test("a mount is read-only unless said otherwise", async () => {
      const sandbox = await box.create({ mounts: [{ source: await hostDirectory(), target: "/mnt/input" }] });
      expect((await sandbox.runCode("open('/mnt/input/in.txt').read()")).text).toBe("from the host");
      expect((await sandbox.runCode("open('/mnt/input/out.txt', 'w')")).error?.message).toContain(
        "Read-only file system",
      );
    });

    test("readOnly: false lets the box write", async () => {
      const source = await hostDirectory();
      await chmod(source, 0o777);
      const sandbox = await box.create({ mounts: [{ source, target: "/mnt/output", readOnly: false }] });
      await sandbox.runCode("open('/mnt/output/out.txt', 'w').write('from the box')");
      expect(await readFile(join(source, "out.txt"), "utf8")).toBe("from the box");
    });
  });

  test.runIf(!capabilities.mounts)("mounts are refused where they cannot be made", async () => {
    const creating = box.create({ mounts: [{ source: ".", target: "/mnt/input" }] });
    await expect(creating).rejects.toMatchObject({ code: "capability-unsupported" });
  });

  test("startTimeoutMs ends a start that takes longer, says so and leaves nothing", async () => {
    const labels = { test: `start-${crypto.randomUUID()}` };
    const failure = await box.create({ startTimeoutMs: 1, labels }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "box-start-failed", message: expect.stringContaining("startTimeoutMs") });
    await expect.poll(() => Sandbox.list({ runtime: box.runtime, labels }), { timeout: 15_000 }).toEqual([]);
  });

  test("an aborted creation rejects with the reason and leaves nothing", async () => {
    const labels = { test: `abort-${crypto.randomUUID()}` };
    const reason = new Error("not wanted");
    const abort = new AbortController();
    const creating = box.create({ signal: abort.signal, labels });
    abort.abort(reason);
    await expect(creating).rejects.toMatchObject({ name: "AbortError", code: "aborted", cause: reason });
    await expect.poll(() => Sandbox.list({ runtime: box.runtime, labels }), { timeout: 15_000 }).toEqual([]);
  });

  test("the logger hears of the sandbox", async () => {
    const { logger, lines } = collectingLogger();
    const sandbox = await box.create({ logger });
    await sandbox.runCode("1");
    expect(lines.length).toBeGreaterThan(0);
    expect(JSON.stringify(lines)).toContain(sandbox.id);
  });

  test.each([
    ["a negative memoryMiB", { memoryMiB: -1 }],
    ["cpus that are no number", { cpus: Number.NaN }],
    ["a negative timeoutMs", { timeoutMs: -1 }],
    ["a negative idleTimeoutMs", { idleTimeoutMs: -5 }],
    ["an env name with =", { env: { "A=B": "x" } }],
  ])("%s is an invalid argument", async (_, options) => {
    await expect(box.create(options)).rejects.toMatchObject({ code: "invalid-argument" });
  });
});
