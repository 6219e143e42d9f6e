import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { boxdOf } from "../helpers/box-processes.ts";
import { privateMegabytes, settled } from "../helpers/process-memory.ts";
import { runProgram } from "../helpers/run-program.ts";

const streams = Number(process.env["KERNELBOX_STREAMS"] ?? 150);
const mostMegabytes = 200;
const bytesOfOne = 16 << 20;
/** All of them would take minutes. */
const readAtLast = 5;

describe.runIf(process.platform === "linux")("unread streams", () => {
  describeOnEveryRuntime(
    `${streams} of 16 MiB`,
    (box) => {
      test.each(["files", "executions", "commands"])(
        `of %s cost under ${mostMegabytes} MB of client and boxd together, and lose nothing`,
        { timeout: 240_000 },
        async (kind) => {
          const sandbox = await box.create();
          await sandbox.exec(`head -c ${bytesOfOne} /dev/zero > 16-mib`);
          if (kind === "executions") {
            const limits = { text: 2 * bytesOfOne, rich: 0 };
            await sandbox.runCode(`for _ in range(256): print('x' * (${bytesOfOne} // 256), end='', flush=True)`, {
              maxOutputBytes: limits,
            });
          }
          const program = runProgram("unread-streams.ts", box.name, [
            sandbox.id,
            kind,
            String(streams),
            String(readAtLast),
          ]);
          box.defer(() => program.end());
          await program.said("connected");
          const { pid } = program.process;
          const boxd = boxdOf(sandbox.id).pid;
          const both = (): readonly number[] => [privateMegabytes(pid ?? 0), privateMegabytes(boxd)];
          const sum = (): number => both().reduce((total, value) => total + value, 0);
          const before = both();
          program.process.stdin?.write("open\n");
          await program.said("open");
          await settled(sum);
          const after = both();
          const [client, box_] = after.map((value, index) => Math.round(value - (before[index] ?? 0)));
          process.stderr.write(`${box.name} ${kind}: client ${client} MB, boxd ${box_} MB\n`);
          program.process.stdin?.write("read\n");
          expect(JSON.parse(await program.lastLine())).toEqual(Array.from({ length: readAtLast }, () => bytesOfOne));
          expect((client ?? 0) + (box_ ?? 0)).toBeLessThan(mostMegabytes);
        },
      );
    },
    { shared: false },
  );
});
