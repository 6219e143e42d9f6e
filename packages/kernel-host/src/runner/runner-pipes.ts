import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { join } from "node:path";

const { O_RDONLY, O_WRONLY, O_RDWR, O_NONBLOCK } = constants;

/** The host's ends of the pipes, as descriptors. None of them blocks. */
export type HostPipes = {
  /** Reads back what nobody has read. Another end of it can be opened for writing. */
  readonly stdin: number;
  readonly stdout: number;
  readonly stderr: number;
  readonly requests: number;
  readonly events: number;
};

/** The two ends of everything between a host and its runner, as descriptors. */
export type RunnerPipes = {
  /** The runner's 0 to 4: stdin, stdout, stderr, requests, events. To be closed when the runner has them. */
  readonly runner: readonly [number, number, number, number, number];
  readonly host: HostPipes;
};

const names = ["in", "out", "err", "requests", "events"] as const;

/** Where one of the pipes in a directory is. */
export function pathOfPipe(directory: string, name: (typeof names)[number]): string {
  return join(directory, name);
}

/**
 * Makes the pipes, named in a directory of ours. Node itself has only sockets for its children, and those cannot be
 * opened by name: `tee /dev/stderr` fails on them.
 */
export function makeRunnerPipes(directory: string): RunnerPipes {
  const paths = names.map((name) => pathOfPipe(directory, name));
  const { status, error, stderr } = spawnSync("mkfifo", ["-m", "600", ...paths], { encoding: "utf8" });
  if (error !== undefined || status !== 0) {
    throw new Error(`no pipes can be made in ${directory}: ${error?.message ?? stderr}`, { cause: error });
  }
  const [stdin = "", stdout = "", stderrPath = "", requests = "", events = ""] = paths;
  const host = openHostPipes(directory);
  const writer = openSync(stdin, O_WRONLY | O_NONBLOCK);
  const runner = [
    openSync(stdin, O_RDONLY),
    openSync(stdout, O_WRONLY),
    openSync(stderrPath, O_WRONLY),
    openSync(requests, O_RDONLY),
    openSync(events, O_WRONLY),
  ] as const;
  closeSync(writer);
  return { runner, host };
}

/** Opens the host's ends of pipes that are there. */
export function openHostPipes(directory: string): HostPipes {
  const both = (name: (typeof names)[number]): number => openBothEnds(pathOfPipe(directory, name));
  return {
    stdin: openSync(pathOfPipe(directory, "in"), O_RDONLY | O_NONBLOCK),
    stdout: both("out"),
    stderr: both("err"),
    requests: both("requests"),
    events: both("events"),
  };
}

/** Both ends in one: opening the other one then never waits, and a reader never sees an end before its time. */
export function openBothEnds(path: string): number {
  return openSync(path, O_RDWR | O_NONBLOCK);
}

/** Opens the writing end of the runner's stdin. While nobody has one, the runner reads an end of file. */
export function openStdinWriter(stdin: number): number {
  return openSync(`/proc/self/fd/${stdin}`, O_WRONLY | O_NONBLOCK);
}
