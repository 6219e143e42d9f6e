import { Sandbox } from "kernelbox";
import { expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { runProgram } from "../helpers/run-program.ts";

describeOnEveryRuntime(
  "getSandbox",
  (box) => {
    test("by three processes at once makes one sandbox", async () => {
      const name = `same-${crypto.randomUUID().slice(0, 8)}`;
      const programs = Array.from({ length: 3 }, () => runProgram("get-by-name.ts", box.name, [name]));
      for (const program of programs) box.defer(() => program.end());
      const ids = await Promise.all(programs.map((program) => program.lastLine()));
      const [id = ""] = ids;
      box.defer(() => Sandbox.stop(id, { runtime: box.runtime }));
      expect(new Set(ids).size).toBe(1);
      expect((await Sandbox.list({ runtime: box.runtime })).filter((row) => row.name === name)).toHaveLength(1);
    });
  },
  { shared: false },
);
