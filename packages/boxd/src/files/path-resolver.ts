import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { BoxdConfig } from "@kernelbox/protocol";
import { FailureError } from "../failure-error.ts";

/** A path that a client named, checked. */
export type ResolvedPath = {
  /** Absolute, as the client said it: what answers carry. */
  readonly path: string;
  /** Where it really is: links in its parents followed, and its own too where the call follows links. */
  readonly target: string;
};

/** Makes clients' paths absolute and keeps them inside the configured roots. */
export interface PathResolver {
  /** `followLink`: whether the call acts on what a link points to, or on the link itself. */
  resolve(path: string, options: { readonly followLink: boolean }): Promise<ResolvedPath>;
  /** Whether the box needs this directory itself: the working directory, a root, or a parent of one. */
  isProtected(resolved: ResolvedPath): Promise<boolean>;
}

/**
 * The roots keep callers from touching by accident, or through a link that code left, what is not the box's.
 * They are no wall against the code in the box, which has boxd's own rights.
 */
export function createPathResolver(config: Pick<BoxdConfig, "workdir" | "fileRoots">): PathResolver {
  const workdir = resolve(config.workdir);
  const rootPaths = [workdir, ...(config.fileRoots ?? []).map((root) => resolve(root))];
  // Looked up at each call: a root may be made, or become a link, while the box lives.
  const realRoots = (): Promise<readonly string[]> => Promise.all(rootPaths.map((root) => realpathOfDeepest(root)));

  return {
    resolve: async (given, { followLink }) => {
      if (given === "") throw new FailureError("invalid-argument", "the path is empty");
      if (given.includes("\0")) throw new FailureError("invalid-argument", "the path has a NUL character in it");
      const path = resolve(workdir, given);
      const target = followLink ? await realpathOfDeepest(path) : await realpathOfParent(path);
      if (config.fileRoots !== undefined) {
        const roots = await realRoots();
        // A root that is a link itself may be looked at under its own name.
        if (!rootPaths.includes(path) && !roots.some((root) => isInside(target, root))) {
          const shown = target === path ? path : `${path} (which is ${target})`;
          const message = `${shown} is outside the directories of this sandbox: ${rootPaths.join(", ")}`;
          throw new FailureError("permission-denied", message, { details: { path } });
        }
      }
      return { path, target };
    },
    isProtected: async ({ path, target }) =>
      rootPaths.some((root) => isInside(root, path)) || (await realRoots()).some((root) => isInside(root, target)),
  };
}

function isInside(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

async function realpathOfParent(path: string): Promise<string> {
  const parent = dirname(path);
  return parent === path ? path : join(await realpathOfDeepest(parent), basename(path));
}

/** The real path of the deepest part that exists, with the rest behind it. */
async function realpathOfDeepest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    // A path that cannot be looked at (no such file, no permission, a file in the middle) fails at the call itself.
    if (parent === path || (code !== "ENOENT" && code !== "EACCES" && code !== "ENOTDIR")) throw error;
    return join(await realpathOfDeepest(parent), basename(path));
  }
}
