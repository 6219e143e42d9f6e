import { sequenceHeaderBytes } from "@kernelbox/protocol";
import { Deque } from "./deque.ts";
import { SpillFile, type SpillRecord } from "./spill-file.ts";

/** Options of a {@link Journal}. */
export type JournalOptions = {
  /** Bytes kept in memory for all contexts of the box. @default 64 MiB */
  readonly memoryBytes?: number;
  /** Absent: what leaves the memory is gone. */
  readonly spillDirectory?: string;
  /** @default 128 MiB */
  readonly spillBytes?: number;
  readonly log?: (message: string, fields: Record<string, unknown>) => void;
};

/** What lies after a sequence number: an entry, or a range that is no longer there. */
export type JournalRead =
  | { readonly type: "entry"; readonly sequence: number; readonly bytes: Buffer }
  | { readonly type: "gap"; readonly from: number; readonly to: number };

type Entry = { readonly owner: ContextJournal; bytes: Buffer | undefined; record: SpillRecord | undefined };

/** What an entry costs beside its bytes (objects, list slots). */
const entryOverheadBytes = 256;

/** The journals of all contexts of a box, under one memory budget and one spill file: the oldest entry goes first. */
export class Journal {
  private readonly memoryBytes: number;
  private readonly log: NonNullable<JournalOptions["log"]>;
  private readonly order = new Deque<Entry>();
  private spill: SpillFile | undefined;
  private used = 0;
  private forgotten = 0;

  constructor(options: JournalOptions = {}) {
    this.memoryBytes = options.memoryBytes ?? 64 * 1024 * 1024;
    this.log = options.log ?? ((): void => undefined);
    if (options.spillDirectory !== undefined) {
      this.spill = new SpillFile(options.spillDirectory, options.spillBytes ?? 128 * 1024 * 1024);
    }
  }

  /** The journal of a new context. */
  open(): ContextJournal {
    return new ContextJournal({
      keep: (entry) => this.keep(entry),
      forget: (entry) => this.forget(entry),
      read: (record) => this.spill?.read(record),
    });
  }

  close(): void {
    this.spill?.close();
    this.spill = undefined;
    this.order.clear();
  }

  private keep(entry: Entry): void {
    this.order.push(entry);
    this.used += cost(entry);
    // The newest always stays: a message that is larger than the budget still reaches a client that is there.
    while (this.used > this.memoryBytes && this.order.length > 1) {
      const oldest = this.order.shift();
      if (!oldest?.bytes) {
        this.forgotten -= 1;
        continue;
      }
      this.used -= cost(oldest);
      oldest.record = this.spillEntry(oldest, oldest.bytes);
      oldest.bytes = undefined;
      if (!oldest.record) oldest.owner.trim();
    }
  }

  private forget(entry: Entry): void {
    if (!entry.bytes) return;
    this.used -= cost(entry);
    entry.bytes = undefined;
    this.forgotten += 1;
    if (this.forgotten < 1024 || this.forgotten * 2 < this.order.length) return;
    this.order.filter((kept) => kept.bytes !== undefined);
    this.forgotten = 0;
  }

  private spillEntry(entry: Entry, bytes: Buffer): SpillRecord | undefined {
    try {
      return this.spill?.write(bytes, () => {
        entry.record = undefined;
        entry.owner.trim();
      });
    } catch (error) {
      this.log("the journal's spill file failed; older output is kept no more", { error: String(error) });
      this.spill?.close();
      this.spill = undefined;
      return undefined;
    }
  }
}

type JournalStore = {
  keep(entry: Entry): void;
  forget(entry: Entry): void;
  read(record: SpillRecord): Buffer | undefined;
};

/** One context's messages, numbered from 1 on; the numbers go on over restarts of its kernel. */
export class ContextJournal {
  private readonly store: JournalStore;
  private readonly entries = new Deque<Entry>();
  private readonly listeners = new Set<() => void>();
  private first = 1;
  private closed = false;

  constructor(store: JournalStore) {
    this.store = store;
  }

  /** The highest sequence number given so far; 0: none. */
  get head(): number {
    return this.first + this.entries.length - 1;
  }

  /** Takes `bytes` (not copied), whose first eight are room for the sequence number. Returns that number. */
  append(bytes: Buffer): number {
    const sequence = this.head + 1;
    bytes.writeUInt32BE(Math.floor(sequence / 0x1_0000_0000), 0);
    bytes.writeUInt32BE(sequence % 0x1_0000_0000, sequenceHeaderBytes - 4);
    if (this.closed) return sequence;
    const entry: Entry = { owner: this, bytes, record: undefined };
    this.entries.push(entry);
    // First to those who listen, so that an entry which pushes itself out is still seen.
    for (const listener of this.listeners) listener();
    this.store.keep(entry);
    return sequence;
  }

  /** What comes after `sequence`; `undefined` at the head. */
  readAfter(sequence: number): JournalRead | undefined {
    const wanted = sequence + 1;
    if (wanted > this.head) return undefined;
    if (wanted < this.first) return { type: "gap", from: wanted, to: this.first - 1 };
    const entry = this.entries.at(wanted - this.first);
    const bytes = entry?.bytes ?? (entry?.record && this.store.read(entry.record));
    return bytes ? { type: "entry", sequence: wanted, bytes } : { type: "gap", from: wanted, to: wanted };
  }

  /** `listener` is called after each append. The returned function ends that. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.closed = true;
    this.listeners.clear();
    for (let entry = this.entries.shift(); entry; entry = this.entries.shift()) {
      this.first += 1;
      this.store.forget(entry);
      entry.record = undefined;
    }
  }

  /** Lets go of the oldest entries that are in neither memory nor file. Called by the journal. */
  trim(): void {
    for (let oldest = this.entries.at(0); oldest && !oldest.bytes && !oldest.record; oldest = this.entries.at(0)) {
      this.entries.shift();
      this.first += 1;
    }
  }
}

function cost(entry: Entry): number {
  return (entry.bytes?.length ?? 0) + entryOverheadBytes;
}
