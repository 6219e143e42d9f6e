// Opens many streams of 16 MiB, reads none of them, says so, and on a line of input reads some of them to their end.
import { once } from "node:events";
import { Sandbox } from "kernelbox";
import { runtimeByName } from "./runtime-by-name.ts";

const [runtimeName, sandboxId = "", kind = "", count = "0", readCount = "0"] = process.argv.slice(2);
const sandbox = await Sandbox.connect(sandboxId, { runtime: runtimeByName(runtimeName) });
const streams = Number(count);
let mayRead: () => void = () => undefined;
const read = new Promise<void>((resolve) => (mayRead = resolve));
const never = new Promise<void>(() => undefined);
const readingOf = (index: number): Promise<void> => (index < Number(readCount) ? read : never);

const openers: Record<string, () => Promise<readonly Promise<number>[]>> = { files, executions, commands };
process.stdout.write("connected\n");
await once(process.stdin, "data");
const bytes = await (openers[kind] ?? files)();
process.stdout.write("open\n");
await once(process.stdin, "data");
mayRead();
process.stdout.write(`${JSON.stringify(await Promise.all(bytes.slice(0, Number(readCount))))}\n`);
process.exit();

async function files(): Promise<readonly Promise<number>[]> {
  const all: Promise<number>[] = [];
  for (let index = 0; index < streams; index += 1) {
    const { content } = await sandbox.readFile("16-mib", { encoding: "stream" });
    all.push(
      (async () => {
        await readingOf(index);
        let size = 0;
        for await (const chunk of content as AsyncIterable<Buffer>) size += chunk.length;
        return size;
      })(),
    );
  }
  return all;
}

/** Followers of one execution, each with a channel of its own. */
async function executions(): Promise<readonly Promise<number>[]> {
  const context = await sandbox.defaultCodeContext();
  const [execution] = await context.listExecutions();
  return begun((onStdout) => context.attachExecution(execution?.executionId ?? "", { onStdout }));
}

function commands(): Promise<readonly Promise<number>[]> {
  return begun((onStdout) => sandbox.exec(["head", "-c", String(16 << 20), "/dev/zero"], { onStdout }));
}

/** Starts as many as are asked for; resolves when each has had its first text, which it keeps until it may go on. */
async function begun(
  start: (onStdout: (output: { readonly text: string }) => Promise<void>) => Promise<unknown>,
): Promise<readonly Promise<number>[]> {
  const began: Promise<void>[] = [];
  const all = Array.from({ length: streams }, async (_, index) => {
    let size = 0;
    let begin: () => void = () => undefined;
    began.push(new Promise((resolve) => (begin = resolve)));
    await start(({ text }) => {
      size += text.length;
      begin();
      return readingOf(index);
    });
    return size;
  });
  await Promise.all(began);
  return all;
}
