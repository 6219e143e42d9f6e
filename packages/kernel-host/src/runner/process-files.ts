import { readdirSync, readFileSync, statSync } from "node:fs";

/** Which pipe or file a descriptor stands for. */
export type FileIdentity = { readonly dev: number; readonly ino: number };

/** Whether the process lives: what is only waiting to be reaped does not. */
export function isAlive(pid: number): boolean {
  const stat = readText(`/proc/${pid}/stat`);
  const state = stat?.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
  return state !== undefined && state !== "Z" && state !== "X";
}

/** A thread that waits for a read. */
export type WaitingReader = {
  readonly thread: string;
  /** Another number than before means that it has run in between. */
  readonly turns: string;
};

/**
 * A thread of the process, or of what it has started, that waits for something to read from this file.
 *
 * @param selects whether a `select` of the process itself counts: some languages have all they know in it whenever they sleep
 */
export function findWaitingReader(pid: number, file: FileIdentity, selects = true): WaitingReader | undefined {
  const pending = [String(pid)];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const thread of entriesOf(`/proc/${next}/task`)) {
      const path = `/proc/${next}/task/${thread}`;
      const syscall = readText(`${path}/syscall`) ?? "";
      const descriptor = descriptorWaitedFor(syscall, process.arch, selects || next !== String(pid));
      if (descriptor !== undefined && isSameFile(`/proc/${next}/fd/${descriptor}`, file)) {
        const turns = /^voluntary_ctxt_switches:\s*(\d+)/m.exec(readText(`${path}/status`) ?? "")?.[1] ?? "";
        return { thread, turns };
      }
      pending.push(...(readText(`${path}/children`) ?? "").split(" ").filter((child) => child.trim() !== ""));
    }
  }
  return undefined;
}

/** https://man7.org/linux/man-pages/man2/syscalls.2.html, for the two architectures that images are built for. */
const calls: Readonly<Record<string, { readonly reads: readonly string[]; readonly selects: readonly string[] }>> = {
  x64: { reads: ["0", "19"], selects: ["23", "270"] },
  arm64: { reads: ["63", "65"], selects: ["72"] },
};

/** The descriptor of a `read` or `readv`; of a `select` the highest one, which is the only one where code waits for input. */
export function descriptorWaitedFor(
  syscall: string,
  architecture: string = process.arch,
  selects = true,
): number | undefined {
  const [number = "", first = ""] = syscall.trim().split(" ");
  const known = calls[architecture];
  if (known?.reads.includes(number) === true) return Number(first);
  if (selects && known?.selects.includes(number) === true && Number(first) > 0) return Number(first) - 1;
  return undefined;
}

function isSameFile(path: string, file: FileIdentity): boolean {
  try {
    const { dev, ino } = statSync(path);
    return dev === file.dev && ino === file.ino;
  } catch {
    // The process has closed it or is gone: it waits for nothing.
    return false;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // Gone between two looks, or not ours to see: both mean "unknown".
    return undefined;
  }
}

function entriesOf(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    // As above.
    return [];
  }
}
