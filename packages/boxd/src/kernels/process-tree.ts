import { closeSync, openSync, readSync, readdirSync } from "node:fs";

/** Linux reports CPU times in hundredths of a second on every architecture that Node runs on. */
const millisecondsPerTick = 10;

/** One for all: Node's own reading makes 64 KiB for each of these files, many times a second. */
const procBuffer = Buffer.allocUnsafeSlow(16 * 1024);

/** Reads a file of /proc or /sys; `undefined` when the process is gone or the system has no such file. */
export function readProcFile(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    let text = "";
    let count: number;
    do {
      count = readSync(descriptor, procBuffer);
      text += procBuffer.toString("latin1", 0, count);
    } while (count > 0);
    return text;
  } catch {
    // A process may end between two looks, and other systems have no /proc: both mean "unknown".
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** CPU time of a process and of its children that it waited for, and when it started, counted from the system's start. */
export type ProcessTimes = { readonly cpuMs: number; readonly startedMs: number };

/** Reads the times of a process; `undefined` when it is gone or the system does not tell. */
export function readProcessTimes(pid: number): ProcessTimes | undefined {
  const stat = readProcFile(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : timesFrom(stat);
}

/** Reads the text of `/proc/PID/stat`. */
export function timesFrom(stat: string): ProcessTimes {
  const fields = fieldsOfStat(stat);
  const ticks = (index: number): number => Number(fields[index] ?? 0) * millisecondsPerTick;
  return { cpuMs: ticks(11) + ticks(12) + ticks(13) + ticks(14), startedMs: ticks(19) };
}

const exitingFlag = 0x4;
const pendingKill = 1 << 8;

/**
 * Whether the process of this `/proc/PID/stat` has ended or is about to. The fields are those of
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
export function hasEndedBy(stat: string): boolean {
  const fields = fieldsOfStat(stat);
  const isExiting = (Number(fields[6]) & exitingFlag) !== 0 || (Number(fields[28]) & pendingKill) !== 0;
  return fields[0] === "Z" || fields[0] === "X" || isExiting;
}

/** The largest resident size in the text of `/proc/PID/status`, in bytes: since the start, or the last reset through `clear_refs`. */
export function peakMemoryFrom(status: string | undefined): number | undefined {
  return kilobytesIn(status, "VmHWM:");
}

/** As {@link peakMemoryFrom}, of a process that is looked at rarely. */
export function readPeakMemory(pid: number): number | undefined {
  return peakMemoryFrom(readProcFile(`/proc/${pid}/status`));
}

/** Memory of a process with its share of what it has in common with others, in bytes. */
export function readProportionalMemory(pid: number): number | undefined {
  return kilobytesIn(readProcFile(`/proc/${pid}/smaps_rollup`), "Pss:") ?? readResidentMemory(pid);
}

/** Memory of a process that it shares with no other, in bytes. */
export function readPrivateMemory(pid: number): number | undefined {
  const text = readProcFile(`/proc/${pid}/smaps_rollup`);
  const clean = kilobytesIn(text, "Private_Clean:");
  const dirty = kilobytesIn(text, "Private_Dirty:");
  return clean === undefined || dirty === undefined ? undefined : clean + dirty;
}

/** All descendants of a process that live now. */
export function listDescendants(pid: number): readonly number[] {
  const found: number[] = [];
  const pending = [pid];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const child of listChildren(next)) {
      found.push(child);
      pending.push(child);
    }
  }
  return found;
}

function readResidentMemory(pid: number): number | undefined {
  return kilobytesIn(readProcFile(`/proc/${pid}/status`), "VmRSS:");
}

function listChildren(pid: number): readonly number[] {
  let threads: readonly string[];
  try {
    threads = readdirSync(`/proc/${pid}/task`);
  } catch {
    // The process is gone, and its children with it or to another parent.
    return [];
  }
  return threads.flatMap((thread) =>
    (readProcFile(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number),
  );
}

/** The fields after the command's name, which may hold spaces and brackets itself. */
function fieldsOfStat(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function kilobytesIn(text: string | undefined, field: string): number | undefined {
  const start = text?.indexOf(field) ?? -1;
  if (text === undefined || start < 0) return undefined;
  return Number.parseInt(text.slice(start + field.length), 10) * 1024;
}
