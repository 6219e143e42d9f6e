import { StringDecoder } from "node:string_decoder";

/** One line of the engine's answer while it builds or pulls. */
type EngineMessage = {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly error?: string;
};

/**
 * Reads the engine's answer to its end and tells its lines. The engine reports a failure within the answer, after a good
 * status: it is thrown here.
 * https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageBuild
 */
export async function followEngine(
  answer: AsyncIterable<string | Buffer>,
  onLine: ((line: string) => void) | undefined,
): Promise<void> {
  const tell = lineTeller(onLine);
  for await (const text of linesOf(answer)) {
    const message = JSON.parse(text) as EngineMessage;
    if (message.error !== undefined) throw new Error(message.error.trim());
    tell(message);
  }
}

async function* linesOf(chunks: AsyncIterable<string | Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + (typeof chunk === "string" ? chunk : decoder.write(chunk))).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line.trim() !== "");
  }
  if (rest.trim() !== "") yield rest;
}

/** A layer that is downloaded reports its state many times a second: each state is told once. */
function lineTeller(onLine: ((line: string) => void) | undefined): (message: EngineMessage) => void {
  const told = new Set<string>();
  return ({ stream, status, id }) => {
    for (const line of (stream ?? "").split("\n")) {
      if (line.trim() !== "") onLine?.(line.trimEnd());
    }
    if (status === undefined) return;
    const line = id === undefined ? status : `${id}: ${status}`;
    if (id !== undefined && told.has(line)) return;
    told.add(line);
    onLine?.(line);
  };
}
