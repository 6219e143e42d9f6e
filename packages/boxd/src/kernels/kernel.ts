import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { FailureError } from "../failure-error.ts";
import { pickConnection, writeConnectionFile } from "./connection-file.ts";
import type { KernelExit, KernelProcess } from "./kernel-process.ts";
import { type KernelSockets, openKernelSockets } from "./kernel-sockets.ts";
import type { Kernelspec } from "./kernelspecs.ts";
import { makeMessage } from "./make-message.ts";
import { type ChannelName, type HeaderFields, type WireMessage, fieldsFromHeader } from "./wire.ts";

/** A message of a kernel with what boxd reads of its headers. */
export type KernelMessage = {
  readonly channel: ChannelName;
  readonly message: WireMessage;
  readonly header: HeaderFields;
  readonly parent: HeaderFields;
};

/** What a kernel is started with. */
export type KernelOptions = {
  readonly spec: Kernelspec;
  /** Makes the process that will bind the sockets of the connection file. */
  readonly launch: (connectionFile: string) => KernelProcess | Promise<KernelProcess>;
  /** A private directory for the connection file. */
  readonly runtimeDirectory: string;
  readonly startTimeoutMs: number;
  readonly signal: AbortSignal;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

/** A kernel that answers. */
export interface Kernel {
  readonly process: KernelProcess;
  /** The content of its `kernel_info_reply`. */
  readonly info: Buffer;
  /** Passes every message on from now on. Before, they are lost. */
  listen(onMessage: (received: KernelMessage) => void): void;
  send(channel: Exclude<ChannelName, "iopub">, message: WireMessage): void;
  /** Asks the running cell to stop, the way the kernelspec wants it. */
  interrupt(): void;
  /** Ends it: politely with `graceMs` of time, then for certain. What it had sent until then is still delivered. */
  stop(graceMs: number): Promise<KernelExit>;
  /** Delivers what a dead kernel had sent, then closes the channels. */
  close(): Promise<void>;
}

const portAttempts = 3;
const lookMs = 50;
const nudgeMs = 5;
const lastWordsMs = 20;
const quietMs = 30;
const drainMs = 2_000;

/** Starts a kernel; resolves when it answers and its output arrives. A failure is `kernel-start-failed`. */
export async function startKernel(options: KernelOptions): Promise<Kernel> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryStart(options);
    if ("kernel" in started) return started.kernel;
    if (attempt === portAttempts || !started.portTaken || options.signal.aborted) throw started.error;
  }
}

type StartState = {
  lastMessageMs: number;
  heard: boolean;
  isEnding: boolean;
  info?: Buffer;
  onMessage?: (received: KernelMessage) => void;
  /** Called with news of the start. */
  wake: () => void;
};
type StartResult = { readonly kernel: Kernel } | { readonly error: unknown; readonly portTaken: boolean };

async function tryStart(options: KernelOptions): Promise<StartResult> {
  const { spec, log } = options;
  options.signal.throwIfAborted();
  const connection = await pickConnection({
    directory: options.runtimeDirectory,
    hasIpc: spec.features.includes("ipc"),
  });
  const connectionFile = join(options.runtimeDirectory, `kernel-${randomUUID()}.json`);
  let child: KernelProcess;
  try {
    await writeConnectionFile(connectionFile, connection, spec.name);
    child = await options.launch(connectionFile);
  } catch (error) {
    await Promise.all([rm(connectionFile, { force: true }), connection.release()]);
    return { error, portTaken: false };
  }
  const state: StartState = { lastMessageMs: 0, heard: false, isEnding: false, wake: () => undefined };
  const request = makeMessage({ type: "kernel_info_request", content: {} });
  const requestId = fieldsFromHeader(request.header).messageId;
  const sockets = openKernelSockets({
    connection,
    // Channels that break when the kernel is ended are no news.
    log: (text, fields) => state.isEnding || log(text, fields),
    onMessage: (channel, message) => {
      const header = fieldsFromHeader(message.header);
      const parent = fieldsFromHeader(message.parentHeader);
      state.lastMessageMs = performance.now();
      if (parent.messageId === requestId) {
        // The answers to our own nudges are no client's business, also where they come late.
        if (header.type === "kernel_info_reply") state.info ??= message.content;
        if (channel === "iopub") state.heard = true;
        state.wake();
      } else if (state.onMessage) {
        state.onMessage({ channel, message, header, parent });
      } else if (header.type === "iopub_welcome") {
        state.heard = true;
        state.wake();
      }
    },
  });
  const tidy = async (): Promise<void> => {
    sockets.close();
    await Promise.all([rm(connectionFile, { force: true }), connection.release()]);
  };

  const deadline = performance.now() + options.startTimeoutMs;
  sockets.send("shell", request);
  let failure: string | undefined;
  while (!(state.info && state.heard) && failure === undefined) {
    const next = new Promise<void>((resolve) => (state.wake = resolve));
    const exit = await Promise.race([next, delay(state.info ? nudgeMs : lookMs), child.exited]);
    if (exit !== undefined) failure = exit.reason;
    else if (options.signal.aborted) failure = "was stopped while it started";
    else if (performance.now() > deadline) failure = `did not answer within ${options.startTimeoutMs} ms`;
    // A publisher may have answered before our subscription reached it; another question brings another answer.
    else if (state.info && !state.heard) sockets.send("shell", request);
  }
  if (failure !== undefined || !state.info) {
    child.signal("SIGKILL");
    await child.exited;
    // What it said may come a little after the news of its end.
    await Promise.all([tidy(), delay(lastWordsMs)]);
    return { error: startError(spec, failure ?? "", child), portTaken: await connection.isTaken() };
  }
  const listen: Kernel["listen"] = (onMessage) => {
    state.onMessage = onMessage;
  };
  const closeOnce = once(async () => {
    const end = performance.now() + drainMs;
    state.lastMessageMs = performance.now();
    while (performance.now() < end && performance.now() - state.lastMessageMs < quietMs) await delay(quietMs / 2);
    await tidy();
  });
  const actions = kernelActions(options, child, sockets, () => (state.isEnding = true));
  return { kernel: { process: child, info: state.info, listen, ...actions, close: closeOnce } };
}

function kernelActions(
  options: KernelOptions,
  child: KernelProcess,
  sockets: KernelSockets,
  onStop: () => void,
): Pick<Kernel, "send" | "interrupt" | "stop"> {
  return {
    send: (channel, message) => sockets.send(channel, message),
    interrupt: () => {
      if (options.spec.interruptMode === "signal") child.signal("SIGINT");
      else sockets.send("control", makeMessage({ type: "interrupt_request", content: {} }));
    },
    stop: async (graceMs) => {
      onStop();
      if (graceMs > 0 && !child.hasExited) {
        sockets.send("control", makeMessage({ type: "shutdown_request", content: { restart: false } }));
        const patience = new AbortController();
        await Promise.race([
          child.exited,
          delay(graceMs, undefined, { signal: patience.signal }).catch(() => undefined),
        ]);
        patience.abort();
      }
      child.signal("SIGKILL");
      return child.exited;
    },
  };
}

function startError(spec: Kernelspec, failure: string, child: KernelProcess): FailureError {
  const lastWords = child.lastWords();
  const message = `the kernel ${spec.name} (${spec.argv[0]}) ${failure} before it was ready`;
  return new FailureError("kernel-start-failed", lastWords ? `${message}. Its last words: ${lastWords}` : message, {
    details: { kernelName: spec.name, lastWords },
  });
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= action());
}
