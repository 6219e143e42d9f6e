import type { Stats } from "node:fs";
import { lstat, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { FileInfo } from "@kernelbox/protocol";

/** Describes what is at `target` under the name `path`. A link is described itself unless `followLink`. */
export async function readFileInfo(path: string, target: string, followLink: boolean): Promise<FileInfo> {
  return fileInfoFromStats(path, await (followLink ? stat(target) : lstat(target)));
}

/** The wire's form of what the system says about a file. */
export function fileInfoFromStats(path: string, stats: Stats): FileInfo {
  return {
    name: basename(path),
    path,
    type: typeOf(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    modifiedAt: stats.mtime.toISOString(),
  };
}

function typeOf(stats: Stats): FileInfo["type"] {
  if (stats.isFile()) return "file";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "other";
}
