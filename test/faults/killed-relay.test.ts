import { type CuttableRuntime, cuttableRuntime } from "@kernelbox/testing";
import { Sandbox } from "kernelbox";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomNumbers } from "../helpers/random-numbers.ts";
import { type RelayedRuntime, relayedRuntime } from "../helpers/relayed-runtime.ts";
import { runsOf, transcript } from "../helpers/transcript.ts";
import { runtimes } from "../runtimes.ts";

const kills = Number(process.env["KERNELBOX_CUTS"] ?? 20);
const seed = Number(process.env["KERNELBOX_SEED"] ?? Date.now() % 1_000_000);

// Unlike in tunnel-cuts.test.ts nobody in this process breaks anything: the process that carries the tunnel is killed.
describe.each(runtimes)("the relay of a tunnel is killed from outside on $name", (underTest) => {
  let relayed: RelayedRuntime;
  let cuttable: CuttableRuntime;
  let sandbox: Sandbox;
  beforeAll(async () => {
    relayed = relayedRuntime(underTest);
    cuttable = cuttableRuntime(relayed.runtime);
    sandbox = await Sandbox.create({ runtime: cuttable.runtime });
  });
  afterAll(async () => {
    await sandbox?.stop();
  });

  function killRelays(): void {
    for (const pid of relayed.relaysOf(sandbox.id)) killIfThere(pid);
  }

  test(
    `${kills} times at random points (KERNELBOX_SEED=${seed}): the transcript is that of a run without, one execution each`,
    { timeout: 30_000 + kills * 3000 },
    async () => {
      const { id } = await sandbox.createCodeContext();
      const reference = await transcript(sandbox, id);
      const before = cuttable.transferredBytes();
      await transcript(sandbox, id);
      const bytesOfOneRun = cuttable.transferredBytes() - before;
      const next = randomNumbers(seed);
      let killed = 0;
      for (let round = 0; round < kills; round += 1) {
        // Where the last kill fell on the end of its run, the next tunnel is opened by this.
        await sandbox.exists("x");
        // Looked for before the run: while it goes on, the look would take longer than the run.
        const relays = relayed.relaysOf(sandbox.id);
        const at = Math.floor(next() * bytesOfOneRun);
        cuttable.callAfter(at, () => {
          for (const pid of relays) killed += killIfThere(pid);
        });
        expect(await transcript(sandbox, id), `kill ${round} after ${at} of ${bytesOfOneRun} bytes`).toEqual(reference);
      }
      expect(await runsOf(sandbox, id)).toBe(kills + 2);
      expect(killed).toBeGreaterThan(kills / 2);
      expect(cuttable.opened()).toBeGreaterThan(kills / 2);
    },
  );

  test("while nothing runs is not noticed", async () => {
    await sandbox.runCode("x = 41");
    killRelays();
    expect((await sandbox.runCode("x + 1")).text).toBe("42");
  });

  test("leaves no relay behind when the sandbox is let go", async () => {
    const other = await Sandbox.connect(sandbox.id, { runtime: relayed.runtime });
    await other.runCode("1");
    const withTwo = relayed.relaysOf(sandbox.id).length;
    await other.disconnect();
    await expect.poll(() => relayed.relaysOf(sandbox.id).length, { timeout: 15_000 }).toBeLessThan(withTwo);
  });
});

/** 1 where it was there. */
function killIfThere(pid: number): number {
  try {
    process.kill(pid, "SIGKILL");
    return 1;
  } catch {
    return 0; // it ended by itself
  }
}
