import { type ProcessEvent, type StartProcessRequest, processEventSchema } from "@kernelbox/protocol";
import { v7 as uuid } from "uuid";
import { z } from "zod";
import { callbackSchema, checkArgument, signalSchema, timeoutSchema, variablesSchema } from "../check-argument.ts";
import { abortable, withDeadline } from "../deadline.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { OutputMessage, Usage } from "../execution/execution-event.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import type { BoxConnection } from "../sandbox/box-connection.ts";
import { linesOf } from "./lines.ts";

/** Options of `sandbox.exec`. */
export type ExecOptions = WaitOptions & {
  /** @default the sandbox's workdir */
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** 0: none. @default 0 */
  readonly timeoutMs?: number | undefined;
  /** All of the command's stdin; then comes end of file. @default empty */
  readonly stdin?: string | Uint8Array | undefined;
  /** Awaited: a slow one slows the reader and, once the box holds as much unread output as it may, the command. */
  readonly onStdout?: ((output: OutputMessage) => unknown) | undefined;
  readonly onStderr?: ((output: OutputMessage) => unknown) | undefined;
};

/** How a command ended. A non-zero exit and a time-out are data. */
export type ExecResult = {
  /** `killed`: by a signal. */
  readonly status: "exited" | "timed-out" | "killed";
  /** `null` where a signal ended it. */
  readonly exitCode: number | null;
  /** The signal that ended it. */
  readonly signal: string | null;
  /** It exited with 0. */
  readonly success: boolean;
  /** The first 16 Mi characters. */
  readonly stdout: string;
  /** The first 16 Mi characters. */
  readonly stderr: string;
  readonly usage: Usage;
  /** Set when output past the limit was dropped. */
  readonly truncated?: { readonly omittedBytes: number };
};

const idSchema = z.object({ id: z.string(), pid: z.number() });
const commandSchema = z.union([z.string().min(1), z.array(z.string()).min(1)], {
  error: "command must be a string (run by a shell) or an array of strings (run without one), and not empty",
});
const optionsSchema = z.strictObject({
  cwd: z.string().min(1).optional(),
  env: variablesSchema,
  timeoutMs: timeoutSchema,
  stdin: z.union([z.string(), z.instanceof(Uint8Array)]).optional(),
  onStdout: callbackSchema,
  onStderr: callbackSchema,
  signal: signalSchema,
});
const killDeadlineMs = 10_000;
const reconnects = 5;
/** Kept of each stream for the result. What comes after it still reaches the callbacks. */
const maxKeptCharacters = 16 * 1024 * 1024;
type EndEvent = Extract<ProcessEvent, { readonly type: "end" }>;

/** Runs a command to its end. Whatever ends the call early kills the command and its children. */
export async function exec(
  connection: BoxConnection,
  command: string | readonly string[],
  options: ExecOptions,
): Promise<ExecResult> {
  checkArgument(commandSchema, command, "exec");
  checkArgument(optionsSchema, options, "exec");
  const request = startRequest(command, options);
  const output = { stdout: new Output(options.onStdout), stderr: new Output(options.onStderr) };
  try {
    await connection.client.json(idSchema, "POST", "/kernelbox/processes", {
      json: request,
      signal: options.signal,
      isRepeatable: true,
    });
    for await (const event of eventsOf(connection, request.id, options.signal)) {
      if (event.type === "end") return await resultFrom(event, output);
      if (event.type !== "start") await abortable(output[event.type].add(event), options.signal);
    }
    throw new KernelboxError("protocol-error", `the events of process ${request.id} ended without an end`);
  } catch (error) {
    await kill(connection, request.id, error);
    throw error;
  }
}

function startRequest(command: string | readonly string[], options: ExecOptions): StartProcessRequest {
  const { cwd, env, timeoutMs, stdin } = options;
  return {
    id: uuid(),
    command: typeof command === "string" ? command : [...command],
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(timeoutMs === undefined || timeoutMs === 0 ? {} : { timeoutMs }),
    ...(stdin === undefined ? {} : { stdin: Buffer.from(stdin as Uint8Array).toString("base64") }),
  };
}

/** One stream's text, decoded as a stream: a character may be cut between two pieces. */
class Output {
  readonly #decoder = new TextDecoder("utf-8");
  readonly #callback: ((output: OutputMessage) => unknown) | undefined;
  readonly #pieces: string[] = [];
  #keptCharacters = 0;

  constructor(callback: ((output: OutputMessage) => unknown) | undefined) {
    this.#callback = callback;
  }

  async add(event: { readonly data: string; readonly timestamp: string }): Promise<void> {
    await this.#write(this.#decoder.decode(Buffer.from(event.data, "base64"), { stream: true }), event.timestamp);
  }

  /** All of it; what is left of a cut character becomes U+FFFD. */
  async finish(): Promise<string> {
    await this.#write(this.#decoder.decode(), new Date().toISOString());
    return this.#pieces.join("");
  }

  /** What is not kept any more; the callback has heard it. */
  omittedBytes = 0;

  async #write(text: string, timestamp: string): Promise<void> {
    if (text === "") return;
    const kept = text.slice(0, Math.max(0, maxKeptCharacters - this.#keptCharacters));
    this.#keptCharacters += kept.length;
    this.omittedBytes += Buffer.byteLength(text) - Buffer.byteLength(kept);
    if (kept !== "") this.#pieces.push(kept);
    await this.#callback?.({ text, timestamp });
  }
}

async function resultFrom(
  event: EndEvent,
  output: { readonly stdout: Output; readonly stderr: Output },
): Promise<ExecResult> {
  const { status, exitCode, signal, usage, truncated } = event;
  const stdout = await output.stdout.finish();
  const stderr = await output.stderr.finish();
  const omittedBytes = (truncated?.omittedBytes ?? 0) + output.stdout.omittedBytes + output.stderr.omittedBytes;
  return {
    status,
    exitCode,
    signal,
    success: status === "exited" && exitCode === 0,
    stdout,
    stderr,
    usage,
    ...(omittedBytes === 0 ? {} : { truncated: { omittedBytes } }),
  };
}

/** The events in order, each once; after a break the rest is asked for again. */
async function* eventsOf(
  connection: BoxConnection,
  id: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ProcessEvent, void> {
  const { client } = connection;
  let after = 0;
  for (let breaks = 0; ;) {
    const before = after;
    try {
      const path = `/kernelbox/processes/${encodeURIComponent(id)}/events`;
      const response = await client.send("GET", path, { query: { after }, signal });
      for await (const line of linesOf(response.body)) {
        const event = eventFromLine(line);
        if (event.sequence <= after) continue;
        after = event.sequence;
        yield event;
        if (event.type === "end") return;
      }
      throw new Error("the events stopped before the process ended");
    } catch (error) {
      const failure = await client.failure(error, signal);
      breaks = after > before ? 1 : breaks + 1;
      const isBreak = KernelboxError.isInstance(failure) && failure.code === "tunnel-lost";
      if (!isBreak || breaks > reconnects) throw failure;
      connection.logger.debug("the events of a process broke off; asking for the rest", { id, after });
    }
  }
}

function eventFromLine(line: string): ProcessEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new KernelboxError("protocol-error", "boxd sent a process event that is not JSON", { cause: error });
  }
  const parsed = processEventSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new KernelboxError(
    "protocol-error",
    `boxd sent a process event of a wrong shape: ${z.prettifyError(parsed.error)}`,
  );
}

/** Kills the command with its children. The call is already failing with `reason`, which stays what the user sees. */
async function kill(connection: BoxConnection, id: string, reason: unknown): Promise<void> {
  if (KernelboxError.isInstance(reason) && reason.code === "box-exited") return;
  try {
    await withDeadline(
      (signal) =>
        connection.client.empty("POST", `/kernelbox/processes/${encodeURIComponent(id)}/signal`, {
          json: { signal: "SIGKILL" },
          signal,
          isRepeatable: true,
        }),
      { timeoutMs: killDeadlineMs },
    );
  } catch (error) {
    connection.logger.debug("a command could not be killed", { id, error: String(error) });
  }
}
