import type { ProcessEvent } from "@kernelbox/protocol";

/** What an event costs beside its output, so that very many tiny ones are bounded too. */
const eventOverheadBytes = 200;
/** Offsets of dropped events that are remembered, to tell a reader that comes back how much it missed. */
const rememberedOffsets = 50_000;
/** How long the output waits for its first reader, and for one that broke off, before it goes on without. */
const awaitedReaderMs = 5_000;

type OutputEntry = { readonly stream: "stdout" | "stderr"; readonly data: Buffer; readonly timestamp: string };
type EndEntry = Omit<Extract<ProcessEvent, { type: "end" }>, "sequence" | "truncated">;
type Entry = { readonly start: number } | OutputEntry | EndEntry;

type Reader = { last: number; unreadBytes: number };

/** How much an {@link EventLog} may hold. Asked for each time: it may depend on how many logs there are. */
export type EventLogBounds = {
  /** All of it; the oldest output is dropped past that. */
  readonly heldBytes: number;
  /** What waits for a reader; past that the log asks for a pause. */
  readonly unreadBytes: number;
};

/**
 * The events of one process, numbered from 1, the oldest output dropped past a bound. Any number of readers. A reader
 * that is attached loses nothing: where much waits for it, the log asks for a pause until it has caught up. So does, for
 * a while, one that has yet to come, or to come back.
 */
export class EventLog {
  readonly #bounds: () => EventLogBounds;
  readonly #entries: (Entry | undefined)[] = [];
  /** For each dropped event of late: the output bytes up to and with it. */
  #droppedOffsets: number[] = [];
  #dropped = 0;
  #droppedBytes = 0;
  #heldBytes = 0;
  #ended = false;
  #paused = false;
  readonly #onPause: (paused: boolean) => void;
  readonly #readers = new Set<Reader>();
  readonly #waiting = new Set<() => void>();
  /** The place of a reader that is to come. */
  #awaited: { readonly reader: Reader; readonly timer: NodeJS.Timeout } | undefined;

  constructor(bounds: () => EventLogBounds, onPause: (paused: boolean) => void) {
    this.#bounds = bounds;
    this.#onPause = onPause;
    this.#awaitReader({ last: 0, unreadBytes: 0 });
  }

  /** Memory held, in bytes. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Whether a reader holds up the output. */
  get isPaused(): boolean {
    return this.#paused;
  }

  append(entry: Entry): void {
    if (this.#ended) return;
    this.#entries.push(entry);
    this.#heldBytes += costOf(entry);
    for (const reader of this.#readers) reader.unreadBytes += costOf(entry);
    if ("type" in entry) this.#ended = true;
    this.trim();
    this.#updatePause();
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /**
   * Yields the events after a number, up to the end of the process or until the signal. `truncated` of the end counts
   * what this reader did not get.
   */
  async *read(after: number, signal: AbortSignal): AsyncGenerator<ProcessEvent, void> {
    const reader: Reader = { last: Math.max(after, 0), unreadBytes: 0 };
    const unread = this.#entries.slice(Math.max(reader.last - this.#dropped, 0));
    for (const entry of unread) reader.unreadBytes += entry ? costOf(entry) : 0;
    let omittedBytes = 0;
    this.#readers.add(reader);
    this.#awaitNoMore();
    try {
      while (!signal.aborted) {
        if (reader.last < this.#dropped) {
          omittedBytes += this.#droppedBytes - this.#offsetAfter(reader.last);
          reader.last = this.#dropped;
          reader.unreadBytes = this.#heldBytes;
        }
        const entry = this.#entries[reader.last - this.#dropped];
        if (entry) {
          reader.last += 1;
          reader.unreadBytes -= costOf(entry);
          this.#updatePause();
          yield eventFromEntry(entry, reader.last, omittedBytes);
        } else if (this.#ended) {
          return;
        } else {
          await this.#appended(signal);
        }
      }
    } finally {
      this.#readers.delete(reader);
      if (this.#readers.size === 0 && !this.#ended) this.#awaitReader(reader);
      this.#updatePause();
    }
  }

  /** Drops the oldest output past the bound, but none that an attached or awaited reader has yet to get. */
  trim(): void {
    const { heldBytes } = this.#bounds();
    const firstUnread = Math.min(...[...this.#readers].map(({ last }) => last)) - this.#dropped;
    // The newest entry always stays: it is the output just made, or the end.
    const most = Math.min(this.#entries.length - 1, firstUnread);
    let count = 0;
    while (this.#heldBytes > heldBytes && count < most) {
      const entry = this.#entries[count];
      if (!entry) break;
      this.#heldBytes -= costOf(entry);
      this.#droppedBytes += outputBytesOf(entry);
      this.#droppedOffsets.push(this.#droppedBytes);
      count += 1;
    }
    if (count === 0) return;
    this.#entries.splice(0, count);
    this.#dropped += count;
    if (this.#droppedOffsets.length > 2 * rememberedOffsets) {
      this.#droppedOffsets = this.#droppedOffsets.slice(-rememberedOffsets);
    }
  }

  #updatePause(): void {
    const { unreadBytes } = this.#bounds();
    const most = Math.max(0, ...[...this.#readers].map((reader) => reader.unreadBytes));
    const paused = most > (this.#paused ? unreadBytes / 2 : unreadBytes);
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#onPause(paused);
  }

  #awaitReader(reader: Reader): void {
    const timer = setTimeout(() => {
      this.#awaitNoMore();
      this.trim();
      this.#updatePause();
    }, awaitedReaderMs);
    timer.unref();
    this.#awaited = { reader, timer };
    this.#readers.add(reader);
  }

  #awaitNoMore(): void {
    if (this.#awaited === undefined) return;
    clearTimeout(this.#awaited.timer);
    this.#readers.delete(this.#awaited.reader);
    this.#awaited = undefined;
  }

  /** Output bytes up to and with a dropped event; for one too long ago, of the oldest that is known. */
  #offsetAfter(sequence: number): number {
    if (sequence === 0) return 0;
    const index = this.#droppedOffsets.length - (this.#dropped - sequence) - 1;
    return this.#droppedOffsets[Math.max(index, 0)] ?? 0;
  }

  async #appended(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener("abort", wake);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", wake, { once: true });
    });
  }
}

function eventFromEntry(entry: Entry, sequence: number, omittedBytes: number): ProcessEvent {
  if ("start" in entry) return { type: "start", sequence, pid: entry.start };
  if ("type" in entry) return { ...entry, sequence, ...(omittedBytes > 0 && { truncated: { omittedBytes } }) };
  return { type: entry.stream, sequence, data: entry.data.toString("base64"), timestamp: entry.timestamp };
}

function outputBytesOf(entry: Entry): number {
  return "data" in entry ? entry.data.length : 0;
}

function costOf(entry: Entry): number {
  return outputBytesOf(entry) + eventOverheadBytes;
}
