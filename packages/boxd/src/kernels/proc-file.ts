import { closeSync, openSync, readSync, writeSync } from "node:fs";

/** Longer than any file that is read through {@link ProcFile}; reading is never split. */
const buffer = Buffer.alloc(16 * 1024);

/** A file of /proc or /sys that is used for every cell. It stays open, since opening costs more than reading. */
export class ProcFile {
  private readonly path: string;
  private readonly mode: "r" | "w";
  private descriptor: number | undefined;
  private isClosed = false;

  constructor(path: string, mode: "r" | "w" = "r") {
    this.path = path;
    this.mode = mode;
  }

  /** Its present text; `undefined` when the process is gone or the system has no such file. */
  read(): string | undefined {
    try {
      return buffer.toString("latin1", 0, readSync(this.open(), buffer, 0, buffer.length, 0));
    } catch {
      // A process may end between two looks, and other systems have no /proc: both mean "unknown".
      return undefined;
    }
  }

  /** False where the system does not let us. */
  write(text: string): boolean {
    try {
      writeSync(this.open(), text);
      return true;
    } catch {
      // Not every sandbox has every file (gVisor).
      return false;
    }
  }

  /** What is asked later is unknown: the process's number may be another's by then. Idempotent. */
  close(): void {
    this.isClosed = true;
    if (this.descriptor !== undefined) closeSync(this.descriptor);
    this.descriptor = undefined;
  }

  private open(): number {
    if (this.isClosed) throw new Error(`${this.path} was closed`);
    return (this.descriptor ??= openSync(this.path, this.mode));
  }
}
