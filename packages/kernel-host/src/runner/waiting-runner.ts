import { Socket } from "node:net";
import { encodeFrame, FrameReader } from "./frames.ts";
import { readPipe } from "./pipe-reader.ts";
import { openBothEnds, pathOfPipe } from "./runner-pipes.ts";

const patienceMs = 10_000;

/**
 * Copies a runner that waits at the pipes in `source` and has no host; gives the process id of the copy, which goes to
 * the pipes in `directory`.
 *
 * @throws Error it has ended, or cannot be copied
 */
export async function forkWaitingRunner(source: string, directory: string): Promise<number> {
  const requests = new Socket({
    fd: openBothEnds(pathOfPipe(source, "requests")),
    readable: false,
    writable: true,
  });
  const frames = new FrameReader();
  let timer: NodeJS.Timeout | undefined;
  let close = (): void => undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      const refuse = (why: string): void => reject(new Error(`the waiting runner ${why}`));
      const hear = (bytes: Buffer): void => {
        // What it said when it began to wait is still there, too.
        for (const { name, fields } of frames.push(bytes)) {
          if (name === "forked") resolve(Number(fields[0]));
          if (name === "error") refuse(`could not be copied: ${String(fields[1])}`);
        }
      };
      const events = readPipe(openBothEnds(pathOfPipe(source, "events")), (bytes) => {
        try {
          hear(bytes);
        } catch (error) {
          refuse(`is not understood: ${String(error)}`);
        }
      });
      close = () => events.close();
      requests.on("error", (error) => refuse(`cannot be reached: ${error.message}`));
      requests.write(encodeFrame("fork", [directory]));
      timer = setTimeout(() => refuse(`made no copy within ${patienceMs} ms`), patienceMs);
    });
  } finally {
    clearTimeout(timer);
    requests.destroy();
    close();
  }
}
