import { pipeline, type Readable } from "node:stream";
import { constants, createGzip } from "node:zlib";
import { pack } from "tar-fs";

/** What of a directory an engine gets for a build: read while it is sent. */
export type BuildArchive = {
  readonly stream: Readable;
  /** Stops reading, wherever that is; the directory may be removed afterwards. */
  close(): void;
};

/** Opens the archive of the given entries of a directory. A file that cannot be read is an error of the stream. */
export function openBuildArchive(directory: string, entries: readonly string[]): BuildArchive {
  const files = pack(directory, { entries: [...entries] });
  // Of a build nobody waits for the best compression, least of all on the machine that it is sent to.
  const stream = createGzip({ level: constants.Z_BEST_SPEED });
  // Whoever sends the stream has its error; without this one, reading on after a refusal would end the process.
  pipeline(files, stream, () => undefined);
  return { stream, close: () => files.destroy() };
}
