import { Sandbox } from "kernelbox";
import { type CuttableRuntime, cuttableRuntime } from "@kernelbox/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomNumbers } from "../helpers/random-numbers.ts";
import { runsOf, transcript } from "../helpers/transcript.ts";
import { runtimes } from "../runtimes.ts";

const cuts = Number(process.env["KERNELBOX_CUTS"] ?? 20);
const seed = Number(process.env["KERNELBOX_SEED"] ?? Date.now() % 1_000_000);

describe.each(runtimes)("a cut tunnel on $name", ({ runtime }) => {
  let cuttable: CuttableRuntime;
  let sandbox: Sandbox;
  beforeAll(async () => {
    cuttable = cuttableRuntime(runtime);
    sandbox = await Sandbox.create({ runtime: cuttable.runtime });
  });
  afterAll(async () => {
    await sandbox?.stop();
  });

  test(
    `${cuts} cuts at random bytes (KERNELBOX_SEED=${seed}): the transcript is that of a run without cuts, one execution each`,
    { timeout: 30_000 + cuts * 3000 },
    async () => {
      const { id } = await sandbox.createCodeContext();
      const reference = await transcript(sandbox, id);
      const before = cuttable.transferredBytes();
      await transcript(sandbox, id);
      const bytesOfOneRun = cuttable.transferredBytes() - before;
      const next = randomNumbers(seed);
      for (let round = 0; round < cuts; round += 1) {
        const at = Math.floor(next() * bytesOfOneRun);
        cuttable.cutAfter(at);
        expect(await transcript(sandbox, id), `cut ${round} after ${at} of ${bytesOfOneRun} bytes`).toEqual(reference);
      }
      expect(await runsOf(sandbox, id)).toBe(cuts + 2);
      expect(cuttable.opened()).toBeGreaterThan(cuts / 2);
    },
  );

  test("a cut while nothing runs is not noticed", async () => {
    await sandbox.runCode("x = 41");
    cuttable.cut();
    expect((await sandbox.runCode("x + 1")).text).toBe("42");
  });

  test("ten cuts in one run", async () => {
    let left = 10;
    const execution = await sandbox.runCode(
      "import time\nfor i in range(200): print(i, flush=True); time.sleep(0.005)",
      {
        onStdout: () => {
          if (left-- > 0) cuttable.cut();
        },
      },
    );
    expect(execution.logs.stdout).toEqual(Array.from({ length: 200 }, (_, index) => `${index}\n`));
  });

  test("a cut during a download rejects or gives every byte, never part of them", async () => {
    await sandbox.runCode("open('download', 'wb').write(bytes(range(256)) * 40_000)");
    cuttable.cutAfter(2_000_000);
    const outcome = await sandbox.readFile("download", { encoding: "bytes" }).then(
      ({ content }) => content.length,
      (error: { code?: string }) => error.code,
    );
    expect([10_240_000, "tunnel-lost"]).toContain(outcome);
    expect((await sandbox.readFile("download", { encoding: "bytes" })).size).toBe(10_240_000);
  });

  test("a cut during a command starts it once and gives its whole output", async () => {
    const done = await sandbox.exec("echo run >> exec-runs; for i in $(seq 100); do echo $i; done", {
      onStdout: () => {
        if (cuttable.opened() < 1000) cuttable.cutAfter(1);
      },
    });
    expect(done.stdout).toBe(Array.from({ length: 100 }, (_, index) => `${index + 1}\n`).join(""));
    expect((await sandbox.exec("cat exec-runs")).stdout).toBe("run\n");
  });

  test("a cut while a context is made makes one", async () => {
    const before = (await sandbox.listCodeContexts()).length;
    cuttable.cutAfter(100);
    const context = await sandbox.createCodeContext();
    expect((await context.runCode("1 + 1")).text).toBe("2");
    expect(await sandbox.listCodeContexts()).toHaveLength(before + 1);
    await context.delete();
  });

  test("a tunnel that stays open and carries nothing is noticed and replaced", { timeout: 120_000 }, async () => {
    const execution = await sandbox.runCode("print('a', flush=True)\nimport time; time.sleep(1)\nprint('b')\n'end'", {
      onStdout: ({ text }) => {
        if (text.startsWith("a")) cuttable.stall();
      },
    });
    expect(execution).toMatchObject({ status: "ok", text: "end", logs: { stdout: ["a\n", "b\n"] } });
  });
});
