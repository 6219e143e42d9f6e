import { setImmediate as nextTurn } from "node:timers/promises";
import { adoptionFrom } from "./adoption-from.ts";
import { CellRunner } from "./cell-runner.ts";
import { codePointsFromUtf16, utf16FromCodePoints } from "./code-points.ts";
import { readConnectionFile } from "./connection.ts";
import type { Evaluator, KernelInfo } from "./evaluator.ts";
import { type HostState, stateForAdoption, writeHostState } from "./host-state.ts";
import { InputRequests } from "./input-requests.ts";
import { OutputBuffer } from "./output-buffer.ts";
import { bindKernelSockets, type KernelSockets, type RequestChannel } from "./sockets.ts";
import { protocolVersion, type Message, type Request } from "./wire.ts";

/** Options of {@link startKernelHost}. */
export type KernelHostOptions = {
  /** The path of Jupyter's connection file. */
  readonly connectionFile: string;
  readonly evaluator: Evaluator;
  readonly info: KernelInfo;
  /** Where it goes on from. @default the beginning */
  readonly state?: HostState;
  /** Called when a socket fails, after which the kernel cannot be reached on it. @default nothing */
  readonly onError?: (error: unknown) => void;
};

/** A kernel that listens. */
export interface KernelHost {
  /** Resolves when a client has asked for the end and was answered. The caller then closes the host and ends the process. */
  readonly shutdown: Promise<{ readonly restart: boolean }>;
  /** Sends what is still gathered. */
  flush(): void;
  /** Stops to listen; what was sent is delivered for up to `lingerMs`. Idempotent. */
  close(lingerMs?: number): Promise<void>;
}

/**
 * Makes a kernel of an evaluator: binds the sockets of a connection file and answers Jupyter's requests.
 *
 * @example
 * const host = await startKernelHost({ connectionFile, evaluator, info });
 * await host.shutdown;
 * await host.close();
 * @throws Error the connection file cannot be read, or one of its ports is taken
 */
export async function startKernelHost(options: KernelHostOptions): Promise<KernelHost> {
  const dispatcher = new Dispatcher(options);
  await dispatcher.listen();
  return dispatcher;
}

type Handler = (request: Request) => Promise<Readonly<Record<string, unknown>>>;

const defaultLingerMs = 1000;

class Dispatcher implements KernelHost {
  readonly shutdown: Promise<{ readonly restart: boolean }>;
  readonly #options: KernelHostOptions;
  readonly #output = new OutputBuffer((message) => this.#sockets?.publish(message));
  readonly #input = new InputRequests((to, message) => this.#sockets?.send("stdin", to, message));
  readonly #runner: CellRunner;
  readonly #handlers: Readonly<Record<string, Handler>>;
  #sockets: KernelSockets | undefined;
  #queue: Request[] = [];
  #isPumping = false;
  #resolveShutdown: (how: { readonly restart: boolean }) => void = () => undefined;

  constructor(options: KernelHostOptions) {
    this.#options = options;
    this.#runner = new CellRunner({ evaluator: options.evaluator, output: this.#output, input: this.#input });
    if (options.state !== undefined) this.#runner.takeOver(options.state);
    this.#handlers = this.#makeHandlers();
    this.shutdown = new Promise((resolve) => (this.#resolveShutdown = resolve));
  }

  async listen(): Promise<void> {
    this.#sockets = await bindKernelSockets({
      connection: readConnectionFile(this.#options.connectionFile),
      onRequest: (channel, request) => this.#receive(channel, request),
      onError: (error) => this.#options.onError?.(error),
    });
    this.#sockets.publish({ type: "status", content: { execution_state: "starting" } });
  }

  flush(): void {
    this.#output.flush();
  }

  async close(lingerMs: number = defaultLingerMs): Promise<void> {
    this.flush();
    this.#input.cancel();
    await this.#sockets?.close(lingerMs);
  }

  #receive(channel: RequestChannel, request: Request): void {
    if (channel === "stdin") {
      if (request.type === "input_reply") this.#input.answer(request);
    } else if (channel === "control") {
      // Beside whatever runs: that is what this channel is for.
      this.#answer("control", request).catch((error: unknown) => this.#options.onError?.(error));
    } else {
      this.#queue.push(request);
      this.#pump().catch((error: unknown) => this.#options.onError?.(error));
    }
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let request = this.#queue.shift(); request; request = this.#queue.shift()) {
        const isOk = await this.#answer("shell", request);
        if (isOk || request.type !== "execute_request" || request.content["stop_on_error"] === false) continue;
        // What was sent together with the failed cell may still be on its way to us.
        await nextTurn();
        await nextTurn();
        this.#abortQueued();
      }
    } finally {
      this.#isPumping = false;
    }
  }

  #abortQueued(): void {
    const aborted = this.#queue.filter((request) => request.type === "execute_request");
    this.#queue = this.#queue.filter((request) => request.type !== "execute_request");
    for (const request of aborted) {
      this.#status("busy", request);
      this.#reply("shell", request, { type: "execute_reply", content: { status: "aborted" }, parent: request });
      this.#status("idle", request);
    }
  }

  /** True unless the answer says that something failed. */
  async #answer(channel: RequestChannel, request: Request): Promise<boolean> {
    this.#status("busy", request);
    let reply: Message | undefined;
    try {
      reply = await this.#replyTo(request);
    } catch (error) {
      const evalue = error instanceof Error ? error.message : String(error);
      const ename = error instanceof Error ? error.name : "Error";
      reply = { type: replyType(request), content: { status: "error", ename, evalue, traceback: [] }, parent: request };
    }
    if (reply) this.#reply(channel, request, reply);
    this.#status("idle", request);
    if (request.type === "shutdown_request") this.#resolveShutdown({ restart: request.content["restart"] === true });
    return reply?.content["status"] !== "error";
  }

  async #replyTo(request: Request): Promise<Message | undefined> {
    if (request.type === "execute_request") return this.#runner.run(request);
    const handler = this.#handlers[request.type];
    if (handler) return { type: replyType(request), content: await handler(request), parent: request };
    if (request.type === "comm_open") {
      // No target of that name: https://jupyter-client.readthedocs.io/en/stable/messaging.html#opening-a-comm
      const content = { comm_id: request.content["comm_id"], data: {} };
      this.#output.publish({ type: "comm_close", content, parent: request });
    }
    // Whoever asks gets an answer, also where we do not know the question.
    if (request.type.endsWith("_request")) throw new Error(`this kernel does not know ${request.type}`);
    return undefined;
  }

  #makeHandlers(): Readonly<Record<string, Handler>> {
    const { evaluator, info } = this.#options;
    return {
      kernel_info_request: async () => kernelInfoContent(info),
      connect_request: async () => ({ status: "ok" }),
      comm_info_request: async () => ({ status: "ok", comms: {} }),
      history_request: async ({ content }) => ({ status: "ok", history: this.#runner.history.answer(content) }),
      interrupt_request: async () => {
        await this.#runner.interrupt();
        return { status: "ok" };
      },
      shutdown_request: async ({ content }) => {
        await evaluator.shutdown?.();
        return { status: "ok", restart: content["restart"] === true };
      },
      is_complete_request: async ({ content }) =>
        (await evaluator.isComplete?.(text(content["code"]))) ?? { status: "unknown" },
      complete_request: async ({ content }) => {
        const code = text(content["code"]);
        const found = await evaluator.complete(code, cursorOf(code, content));
        const start = codePointsFromUtf16(code, found.start);
        const end = codePointsFromUtf16(code, found.end);
        const types = found.types?.map((type, index) => ({ start, end, text: found.matches[index], type }));
        const metadata = types ? { _jupyter_types_experimental: types } : {};
        return { status: "ok", matches: found.matches, cursor_start: start, cursor_end: end, metadata };
      },
      inspect_request: async ({ content }) => {
        const code = text(content["code"]);
        const detail = content["detail_level"] === 1 ? 1 : 0;
        const found = await evaluator.inspect(code, cursorOf(code, content), detail);
        return { status: "ok", found: found !== undefined, ...(found ?? { data: {}, metadata: {} }) };
      },
      ...(evaluator.variables && {
        kernelbox_variables_request: async () => ({ status: "ok", variables: await evaluator.variables?.() }),
      }),
      ...(evaluator.fork && {
        kernelbox_fork_request: async ({ content }) => {
          const directory = text(content["directory"]);
          const copy = await evaluator.fork?.(directory);
          writeHostState(directory, this.#runner.state);
          return { status: "ok", ...copy };
        },
      }),
      ...(evaluator.adopt && {
        kernelbox_adopt_request: async ({ content }) => {
          const adoption = adoptionFrom(content);
          const pid = await evaluator.adopt?.(adoption);
          this.#runner.takeOver(stateForAdoption(adoption));
          return { status: "ok", pid };
        },
      }),
    };
  }

  #status(state: "busy" | "idle", parent: Request): void {
    this.#output.publish({ type: "status", content: { execution_state: state }, parent });
  }

  #reply(channel: RequestChannel, request: Request, reply: Message): void {
    this.#sockets?.send(channel, request, reply);
  }
}

function kernelInfoContent(info: KernelInfo): Readonly<Record<string, unknown>> {
  return {
    status: "ok",
    protocol_version: protocolVersion,
    implementation: info.implementation,
    implementation_version: info.implementationVersion,
    language_info: info.languageInfo,
    banner: info.banner,
    debugger: false,
    help_links: info.helpLinks ?? [],
    supported_features: [],
  };
}

function replyType(request: Request): string {
  return request.type.replace(/_request$/, "_reply");
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function cursorOf(code: string, content: Readonly<Record<string, unknown>>): number {
  const position = content["cursor_pos"];
  return typeof position === "number" ? utf16FromCodePoints(code, position) : code.length;
}
