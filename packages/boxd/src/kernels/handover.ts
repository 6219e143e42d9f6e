import { execFile } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const { O_RDWR, O_NONBLOCK } = constants;
/** What a runner has as its descriptors 0 to 4; see docs/runners.md. */
const pipeNames = ["in", "out", "err", "requests", "events"];

/**
 * A directory with the pipes of a runner that was copied and has no host yet. While it is open, nothing that is written to
 * the pipes is lost, and nobody who opens one waits or reads an end.
 */
export class Handover {
  readonly directory: string;
  private readonly descriptors: readonly number[];
  private isOpen = true;

  private constructor(directory: string, descriptors: readonly number[]) {
    this.directory = directory;
    this.descriptors = descriptors;
  }

  /** Makes the pipes in a directory of their own below a private one. */
  static async open(parent: string): Promise<Handover> {
    const directory = await mkdtemp(join(parent, "copy-"));
    const descriptors: number[] = [];
    try {
      const paths = pipeNames.map((name) => join(directory, name));
      await promisify(execFile)("mkfifo", ["-m", "600", ...paths]);
      for (const path of paths) descriptors.push(openSync(path, O_RDWR | O_NONBLOCK));
      return new Handover(directory, descriptors);
    } catch (error) {
      for (const descriptor of descriptors) closeSync(descriptor);
      await rm(directory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Lets go of the pipes: a runner without another host reads an end and ends itself. Idempotent. */
  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    for (const descriptor of this.descriptors) closeSync(descriptor);
  }

  /** Closes it and removes the directory. Idempotent. */
  async remove(): Promise<void> {
    this.close();
    await rm(this.directory, { recursive: true, force: true });
  }
}
