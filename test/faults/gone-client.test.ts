import { spawnSync } from "node:child_process";
import { Sandbox } from "kernelbox";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { processesWith } from "../helpers/box-processes.ts";
import { type Program, runProgram } from "../helpers/run-program.ts";
import { anyRuntime } from "../runtimes.ts";

/** Three missed pings, the idle time, and the end of everything in the box. */
const noticedWithinMs = 60_000;

/** A run without a time limit keeps its box from being idle only as long as a client is there. */
describe.runIf(process.platform === "linux")("a client that is gone", () => {
  describeOnEveryRuntime(
    "without a word",
    (box) => {
      async function started(): Promise<{ readonly program: Program; readonly id: string }> {
        const program = runProgram("create-and-stay.ts", box.name, ["1000"]);
        box.defer(() => program.end());
        const { sandboxId } = JSON.parse(await program.said("{"));
        box.defer(() => Sandbox.stop(sandboxId, { runtime: box.runtime }).catch(() => undefined));
        expect(left(sandboxId)).not.toEqual([]);
        return { program, id: sandboxId };
      }

      /** What there is of a box: its processes, daemons included, and its container. */
      function left(id: string): readonly string[] {
        const processes = processesWith(`KERNELBOX_BOX_ID=${id}`).map(({ command }) => command.join(" "));
        if (!box.isContainer) return processes;
        const { stdout } = spawnSync("docker", ["ps", "--all", "--quiet", "--filter", `label=kernelbox.id=${id}`]);
        return [...processes, ...stdout.toString().split("\n").filter(Boolean)];
      }

      test("because it was killed leaves no container and no process once the idle time is over", async () => {
        const { program, id } = await started();
        await program.kill();
        await expect.poll(() => left(id), { timeout: 30_000, interval: 200 }).toEqual([]);
        expect((await Sandbox.list({ runtime: box.runtime })).map((row) => row.id)).not.toContain(id);
      });

      // Takes most of a minute, and what notices it is the same for every runtime.
      test.runIf(box.name === anyRuntime.name || process.env["KERNELBOX_SLOW"] !== undefined)(
        "because it was stopped (SIGSTOP) is noticed, and leaves nothing either",
        { timeout: noticedWithinMs + 30_000 },
        async () => {
          const { program, id } = await started();
          program.process.kill("SIGSTOP");
          await expect.poll(() => left(id), { timeout: noticedWithinMs, interval: 500 }).toEqual([]);
          program.process.kill("SIGCONT");
        },
      );
    },
    { shared: false },
  );
});
