import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { type Socket, createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { type KernelProcess, adoptKernelProcess } from "./kernel-process.ts";

const messageSchema = z.discriminatedUnion("type", [
  /** It can fork from now on. */
  z.object({ type: z.literal("ready") }),
  /** A template has imported all that it should. */
  z.object({ type: z.literal("imported") }),
  z.object({ type: z.literal("skipped"), module: z.string(), message: z.string() }),
  z.object({ type: z.literal("forked"), id: z.string(), pid: z.number() }),
  z.object({ type: z.literal("failed"), id: z.string(), message: z.string() }),
]);
/** What such a process says of itself. */
export type News =
  | { readonly type: "ready" }
  | { readonly type: "imported" }
  | { readonly type: "skipped"; readonly module: string; readonly message: string };

/** What {@link ForkServer.fork} makes. */
export type ForkRequest = {
  readonly connectionFile: string;
  /** @default those of the process that is forked */
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it has random numbers of its own. */
  readonly isIndependent: boolean;
};

/** What a {@link ForkServer} needs. */
export type ForkServerOptions = {
  readonly ends: AdoptedEnds;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
  /** Told of everything that is no answer. */
  readonly onNews?: (message: News) => void;
};

type Pending = { readonly resolve: (pid: number) => void; readonly reject: (error: Error) => void };

/** Our end of a process that waits on a socket and forks kernels: a template, or the checkpoint of a kernel. */
export class ForkServer {
  /** Resolves when the process has left. */
  readonly closed: Promise<void>;
  private readonly socket: Socket;
  private readonly options: ForkServerOptions;
  private readonly pending = new Map<string, Pending>();

  constructor(socket: Socket, options: ForkServerOptions) {
    this.socket = socket;
    this.options = options;
    socket.on("error", (error) => options.log("a process that forks kernels broke off", { error: String(error) }));
    this.closed = once(socket, "close").then(
      () => this.rejectAll(),
      () => this.rejectAll(),
    );
    createInterface({ input: socket }).on("line", (line) => this.hear(line));
  }

  /** Makes a kernel's process. Rejects when the process that forks has ended or has no memory for another. */
  async fork(request: ForkRequest): Promise<KernelProcess> {
    const { connectionFile, cwd = null, environment = null, isIndependent } = request;
    const { ends, log } = this.options;
    const id = randomUUID();
    const output = `${connectionFile}.output`;
    const pid = await new Promise<number>((resolve, reject) => {
      if (this.socket.destroyed) return reject(new Error("it has ended"));
      this.pending.set(id, { resolve, reject });
      const message = { type: "fork", id, connectionFile, output, cwd, environment, isIndependent };
      this.socket.write(`${JSON.stringify(message)}\n`);
    });
    return adoptKernelProcess({ pid, output, ends, log });
  }

  /** Lets the process end. */
  close(): void {
    this.socket.destroy();
  }

  private hear(line: string): void {
    const parsed = messageSchema.safeParse(parseJson(line));
    if (!parsed.success) return this.options.log("a process that forks kernels is not understood", { line });
    const message = parsed.data;
    if (message.type !== "forked" && message.type !== "failed") return this.options.onNews?.(message);
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.type === "forked") pending?.resolve(message.pid);
    else pending?.reject(new Error(message.message));
  }

  private rejectAll(): void {
    for (const { reject } of this.pending.values()) reject(new Error("it ended before it had forked"));
    this.pending.clear();
  }
}

/** A socket on which one process is expected. */
export interface Expected {
  /** What the process connects to. */
  readonly path: string;
  /** Resolves with the process's connection. Rejects after the patience, or when it is cancelled. */
  readonly connected: Promise<Socket>;
  cancel(): void;
}

/** Listens for one process, in a private directory. */
export async function expectConnection(directory: string, patienceMs: number): Promise<Expected> {
  // Short: the path of a socket has no more than a hundred characters.
  const path = join(directory, `${randomUUID().slice(0, 8)}.sock`);
  const server = createServer();
  server.listen(path);
  await once(server, "listening");
  const giveUp = new AbortController();
  const connected = once(server, "connection", {
    signal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(patienceMs)]),
  })
    .then(([socket]: Socket[]) => {
      if (socket === undefined) throw new Error("no connection");
      return socket;
    })
    .finally(() => {
      server.close();
      return rm(path, { force: true });
    });
  return { path, connected, cancel: () => giveUp.abort() };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Shown to the log as what it is.
    return undefined;
  }
}
