import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileInfo } from "@kernelbox/protocol";
import { fileInfoFromStats } from "./file-info.ts";

const statsAtOnce = 64;

/** Lists a directory, sorted by path. Links are listed themselves and never followed. */
export async function listDirectory(
  path: string,
  target: string,
  options: { readonly recursive: boolean; readonly signal: AbortSignal },
): Promise<readonly FileInfo[]> {
  const found: FileInfo[] = [];
  const pending = [{ path, target, isTop: true }];
  for (let directory = pending.pop(); directory; directory = pending.pop()) {
    for (const info of await readEntries(directory, options.signal)) {
      found.push(info);
      if (options.recursive && info.type === "directory") {
        pending.push({ path: info.path, target: join(directory.target, info.name), isTop: false });
      }
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

type Directory = { readonly path: string; readonly target: string; readonly isTop: boolean };

async function readEntries(directory: Directory, signal: AbortSignal): Promise<readonly FileInfo[]> {
  const names = await readdir(directory.target).catch((error: NodeJS.ErrnoException) => {
    // One unreadable directory, or one deleted meanwhile, must not hide the rest of a recursive listing.
    if (!directory.isTop && (error.code === "ENOENT" || error.code === "EACCES" || error.code === "EPERM")) return [];
    throw error;
  });
  const infos: FileInfo[] = [];
  for (let start = 0; start < names.length; start += statsAtOnce) {
    signal.throwIfAborted();
    const batch = names.slice(start, start + statsAtOnce);
    for (const info of await Promise.all(batch.map((name) => readEntry(directory, name)))) {
      if (info) infos.push(info);
    }
  }
  return infos;
}

async function readEntry(directory: Directory, name: string): Promise<FileInfo | undefined> {
  try {
    return fileInfoFromStats(join(directory.path, name), await lstat(join(directory.target, name)));
  } catch (error) {
    // Deleted since the directory was read; or a name that is not UTF-8, which no path of ours could say either.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
