import type { Readable } from "node:stream";
import { pack } from "tar-fs";

/** What of a directory an engine gets for a build: read while it is sent. */
export type BuildArchive = {
  readonly stream: Readable;
  /** Stops reading, wherever that is; the directory may be removed afterwards. */
  close(): void;
};

/**
 * Opens the archive of the given entries of a directory. A file that cannot be read is an error of the stream. It is not
 * compressed: the engine is on this machine, or in its network.
 */
export function openBuildArchive(directory: string, entries: readonly string[]): BuildArchive {
  const files = pack(directory, { entries: [...entries] });
  // Whoever sends the stream has its error; without this one, reading on after a refusal would end the process.
  files.on("error", () => undefined);
  return { stream: files, close: () => files.destroy() };
}
