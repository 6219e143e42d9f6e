import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Deque } from "./deque.ts";

/** Where an entry lies in the file. `onOverwritten` is called when its room is given to a younger one. */
export type SpillRecord = { readonly offset: number; readonly length: number; readonly onOverwritten: () => void };

/**
 * A ring of fixed size in one file: the youngest entries overwrite the oldest. The file has no name once it is
 * open, so that nothing is left behind however the box ends.
 */
export class SpillFile {
  private readonly directory: string;
  private readonly size: number;
  private readonly records = new Deque<SpillRecord>();
  private descriptor: number | undefined;
  private position = 0;

  constructor(directory: string, size: number) {
    this.directory = directory;
    this.size = size;
  }

  /** Writes an entry. `undefined`: it is larger than the whole file. A full disk throws. */
  write(bytes: Buffer, onOverwritten: () => void): SpillRecord | undefined {
    if (bytes.length > this.size) return undefined;
    this.descriptor ??= this.open();
    if (this.position + bytes.length > this.size) {
      this.release(this.position, this.size);
      this.position = 0;
    }
    this.release(this.position, this.position + bytes.length);
    let written = 0;
    while (written < bytes.length) {
      written += writeSync(this.descriptor, bytes, written, bytes.length - written, this.position + written);
    }
    const record = { offset: this.position, length: bytes.length, onOverwritten };
    this.records.push(record);
    this.position += bytes.length;
    return record;
  }

  /** The bytes of a record that was not overwritten; `undefined` once the file is closed. */
  read(record: SpillRecord): Buffer | undefined {
    if (this.descriptor === undefined) return undefined;
    const bytes = Buffer.allocUnsafeSlow(record.length);
    let done = 0;
    while (done < record.length) {
      const count = readSync(this.descriptor, bytes, done, record.length - done, record.offset + done);
      if (count === 0) throw new Error(`the journal's spill file ends before byte ${record.offset + record.length}`);
      done += count;
    }
    return bytes;
  }

  /** Gives up all records. */
  close(): void {
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
    for (let record = this.records.shift(); record; record = this.records.shift()) record.onOverwritten();
  }

  /** Gives up the oldest records that lie in the range. Their order in the ring is their age. */
  private release(from: number, to: number): void {
    for (let oldest = this.records.at(0); oldest; oldest = this.records.at(0)) {
      if (oldest.offset < from || oldest.offset >= to) return;
      this.records.shift();
      oldest.onOverwritten();
    }
  }

  private open(): number {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const path = join(this.directory, `kernelbox-journal-${process.pid}`);
    const descriptor = openSync(path, "wx+", 0o600);
    unlinkSync(path);
    return descriptor;
  }
}
