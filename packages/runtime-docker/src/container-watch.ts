import type { Buffer } from "node:buffer";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import { type BoxExit, exitReasonFromCode } from "@kernelbox/core";
import type { Container } from "dockerode";
import type { Engine } from "./engine.ts";
import { statusOf } from "./engine-error.ts";
import { FrameReader } from "./frame-reader.ts";

const killedExitCode = 137;
/** The engine's event about an out-of-memory kill comes by another way than the exit. */
const eventDelayMs = 500;
const lastWordsCharacters = 4000;

/** What one process hears about one container, from the engine's streams. */
export class ContainerWatch {
  readonly #engine: Engine;
  readonly #container: Container;
  readonly #closing = new AbortController();
  readonly #streams: NodeJS.ReadableStream[] = [];
  #said = "";
  /** Rejects when the engine's stream of events ends. */
  #eventsEnd: Promise<never> = new Promise(() => undefined);
  #outOfMemoryAt = 0;
  #wasAsked = false;

  constructor(engine: Engine, container: Container) {
    this.#engine = engine;
    this.#container = container;
  }

  /**
   * Listens to output and events. Before the container starts, so that nothing is missed; its logs are gone with it.
   */
  async listen(): Promise<void> {
    await Promise.all([this.#listenToOutput(), this.#listenToEvents()]);
  }

  /** Resolves when the container has ended or the engine is gone; never rejects. `condition` as in the engine's API. */
  async exit(condition: "next-exit" | "not-running"): Promise<BoxExit> {
    for (;;) {
      try {
        const waiting = this.#container.wait({ condition, abortSignal: this.#closing.signal });
        // The engine's client never settles when the connection breaks in the middle of an answer.
        waiting.catch(() => undefined);
        const { StatusCode } = (await Promise.race([waiting, this.#eventsEnd])) as { StatusCode: number };
        return await this.#exitFromCode(StatusCode);
      } catch (error) {
        if (this.#closing.signal.aborted) return await new Promise<never>(() => undefined);
        // The container is gone: it ended, and nobody can say how any more.
        if (statusOf(error) === 404) return this.#exit(this.#wasAsked ? "stopped" : "crashed");
        if (!(await this.#listensAgain())) return this.#exit("engine-gone");
        condition = "not-running";
      }
    }
  }

  /** It was this process that asked the container to stop. */
  markAsked(): void {
    this.#wasAsked = true;
  }

  lastWords(): string | undefined {
    const text = this.#said.trim();
    return text === "" ? undefined : text;
  }

  /** Closes every stream, so that the process can end. */
  close(): void {
    this.#closing.abort();
    for (const stream of this.#streams) destroy(stream);
  }

  async #exitFromCode(exitCode: number): Promise<BoxExit> {
    const exitedAt = Date.now();
    if (exitCode === killedExitCode && this.#outOfMemoryAt === 0 && !this.#wasAsked) await delay(eventDelayMs);
    // An earlier kill of a kernel is no reason: only one that comes with boxd's own end.
    const ranOut = exitCode === killedExitCode && Math.abs(exitedAt - this.#outOfMemoryAt) < 2 * eventDelayMs;
    const reason = exitReasonFromCode(exitCode);
    if (this.#wasAsked && reason === "crashed") return this.#exit("stopped", exitCode);
    return this.#exit(ranOut ? "out-of-memory" : reason, exitCode);
  }

  #exit(reason: BoxExit["reason"], exitCode?: number): BoxExit {
    const lastWords = this.lastWords();
    return {
      reason,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(lastWords === undefined ? {} : { lastWords }),
    };
  }

  async #listenToOutput(): Promise<void> {
    const stream = await this.#container.attach({ stream: true, stdout: true, stderr: true, logs: true });
    this.#keep(stream);
    const frames = new FrameReader();
    const decoders = new Map<number, StringDecoder>();
    stream.on("data", (chunk: Buffer) => {
      for (const { channel, payload } of frames.read(chunk)) {
        const decoder = decoders.get(channel) ?? new StringDecoder("utf8");
        decoders.set(channel, decoder);
        this.#said = (this.#said + decoder.write(payload)).slice(-lastWordsCharacters);
      }
    });
  }

  async #listenToEvents(): Promise<void> {
    const filters = { container: [this.#container.id], event: ["oom", "kill"] };
    const stream = await this.#engine.client.getEvents({ filters });
    this.#keep(stream);
    this.#eventsEnd = new Promise((_, reject) => {
      stream.once("close", () => reject(new Error("the connection to the engine broke")));
    });
    this.#eventsEnd.catch(() => undefined);
    let rest = "";
    stream.on("data", (chunk: Buffer) => {
      const lines = (rest + chunk.toString("utf8")).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#hear(line);
    });
  }

  #hear(line: string): void {
    if (line.includes('"oom"')) this.#outOfMemoryAt = Date.now();
    // The engine reports only kills that were asked of it, never one from within the box.
    else if (line.includes('"kill"')) this.#wasAsked = true;
  }

  #keep(stream: NodeJS.ReadableStream): void {
    this.#streams.push(stream);
    // An end of these streams says nothing that waiting for the exit does not say.
    stream.on("error", () => undefined);
    if (this.#closing.signal.aborted) destroy(stream);
  }

  /** False when the engine does not answer, for whatever reason. */
  async #listensAgain(): Promise<boolean> {
    try {
      await this.#engine.client.ping();
      await this.#listenToEvents();
      return true;
    } catch {
      return false;
    }
  }
}

function destroy(stream: NodeJS.ReadableStream): void {
  if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
}
