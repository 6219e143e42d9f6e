import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeFrame, type Frame, FrameReader } from "./frames.ts";
import { type PipeReader, readPipe } from "./pipe-reader.ts";
import { type HostPipes, makeRunnerPipes, openHostPipes } from "./runner-pipes.ts";

/** How a runner is started. */
export type RunnerOptions = {
  /** The program and its arguments. Whatever stands before a runner (a supervisor) is part of it. */
  readonly command: readonly string[];
  /** Added to this process's own environment. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * `own`: a process group of its own gets the interrupts. `shared`: ours gets them, which has to be ready for that, and
   * whoever kills our group ends the runner and all that it has started.
   * @default "own"
   */
  readonly processGroup?: "own" | "shared";
  /** How long it may take until it is ready. @default 30_000 */
  readonly startTimeoutMs?: number;
};

/** How a runner's process ended; both are null where nobody could tell. */
export type RunnerExit = { readonly exitCode: number | null; readonly signal: NodeJS.Signals | null };

/** Who hears of a {@link RunnerProcess}. */
export type RunnerListener = {
  readonly onFrame: (frame: Frame) => void;
  readonly onOutput: (stream: "stdout" | "stderr", bytes: Buffer) => void;
  /** The process that was started has ended; copies of it may live. Nobody tells of one that was adopted. */
  readonly onExit: (pid: number, exit: RunnerExit) => void;
  /** What came over its pipe cannot be understood. */
  readonly onProtocolError: (error: Error) => void;
};

/** A runner's process and the pipes to it. */
export class RunnerProcess {
  readonly pid: number;
  /** Our reading end of its stdin. */
  readonly stdin: number;
  /** A directory for the runner's own files; it finds it in `KERNELBOX_RUNNER_DIRECTORY`. */
  readonly directory: string;
  readonly #child: ChildProcess | undefined;
  readonly #group: number;
  readonly #requests: Socket;
  readonly #events: PipeReader;
  readonly #stdout: PipeReader;
  readonly #stderr: PipeReader;

  private constructor(started: {
    readonly child?: ChildProcess;
    readonly pid: number;
    readonly group: number;
    readonly directory: string;
    readonly pipes: HostPipes;
    readonly listener: RunnerListener;
  }) {
    const { child, pid, group, directory, pipes, listener } = started;
    this.#child = child;
    this.pid = pid;
    this.directory = directory;
    this.stdin = pipes.stdin;
    this.#group = group;
    this.#requests = new Socket({ fd: pipes.requests, readable: false, writable: true });
    this.#requests.on("error", () => this.#requests.destroy()); // it is over; the exit says so
    const frames = new FrameReader();
    this.#events = readPipe(pipes.events, (bytes) => {
      try {
        for (const frame of frames.push(bytes)) listener.onFrame(frame);
      } catch (error) {
        this.#events.close();
        listener.onProtocolError(error instanceof Error ? error : new Error(String(error)));
      }
    });
    this.#stdout = readPipe(pipes.stdout, (bytes) => listener.onOutput("stdout", bytes));
    this.#stderr = readPipe(pipes.stderr, (bytes) => {
      // Of two streams that have something nobody knows which was first; a runner that cares sends `sync` after stderr.
      this.#stdout.drain();
      listener.onOutput("stderr", bytes);
    });
    child?.once("exit", (exitCode, signal) => {
      this.#events.drain();
      listener.onExit(pid, { exitCode, signal });
    });
  }

  /**
   * Starts the runner.
   * @throws Error there is no such program, or no pipes can be made
   */
  static async start(options: RunnerOptions, listener: RunnerListener): Promise<RunnerProcess> {
    const [program = "", ...args] = options.command;
    const directory = mkdtempSync(join(tmpdir(), "kernelbox-runner-"));
    try {
      const pipes = makeRunnerPipes(directory);
      const child = spawn(program, args, {
        stdio: [...pipes.runner],
        detached: options.processGroup !== "shared",
        env: { ...process.env, ...options.env, KERNELBOX_RUNNER_DIRECTORY: directory },
      });
      for (const descriptor of pipes.runner) closeSync(descriptor);
      await new Promise<void>((resolve, reject) => {
        child.once("spawn", resolve);
        child.once("error", reject);
      });
      const pid = child.pid ?? 0;
      const group = options.processGroup === "shared" ? process.pid : pid;
      return new RunnerProcess({ child, pid, group, directory, pipes: pipes.host, listener });
    } catch (error) {
      rmSync(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * Takes over a runner that was copied: leader of a group of its own, waiting at the pipes in its directory.
   * @throws Error there are no such pipes
   */
  static adopt(directory: string, pid: number, listener: RunnerListener): RunnerProcess {
    return new RunnerProcess({ pid, group: pid, directory, pipes: openHostPipes(directory), listener });
  }

  /** Whether this process is told of the end of that one. */
  isParentOf(pid: number): boolean {
    return this.#child !== undefined && pid === this.pid;
  }

  send(name: string, fields: readonly (string | Buffer)[] = []): void {
    this.#requests.write(encodeFrame(name, fields));
  }

  /** Takes all output that has been written. */
  drain(): void {
    this.#stdout.drain();
    this.#stderr.drain();
  }

  /** Handles what the runner has said by now. */
  drainEvents(): void {
    this.#events.drain();
  }

  interrupt(): void {
    signal(-this.#group, "SIGINT");
  }

  /** Ends everything that was started, as far as it is in the runner's own group, and removes its files. */
  close(): void {
    if (this.#group === this.pid) signal(-this.pid, "SIGKILL");
    else this.#child?.kill("SIGKILL");
    this.#requests.destroy();
    for (const pipe of [this.#events, this.#stdout, this.#stderr]) pipe.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Sends a signal; to nobody, where there is nobody. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ESRCH") throw error;
  }
}
