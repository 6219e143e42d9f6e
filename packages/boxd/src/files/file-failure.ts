import { FailureError } from "../failure-error.ts";

/** Turns an error of the file system into the failure that a client acts on. Anything else is returned as it is. */
export function failureFromFileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof FailureError || !("code" in error)) return error;
  const fail = (code: ConstructorParameters<typeof FailureError>[0], message: string): FailureError =>
    new FailureError(code, message, { cause: error, details: { path } });
  switch (error.code) {
    case "ENOENT":
      return fail("file-not-found", `${path} does not exist`);
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return fail("no-space", `there is no space left for ${path}; delete files or give the sandbox a larger disk`);
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return fail("permission-denied", `the box does not permit this on ${path} (${error.code})`);
    case "EEXIST":
      return fail("file-exists", `${path} exists already`);
    case "ENOTEMPTY":
      return fail(
        "invalid-argument",
        `the directory ${path} is not empty; pass recursive: true to delete what is in it`,
      );
    case "EISDIR":
      return fail("invalid-argument", `${path} is a directory`);
    case "ENOTDIR":
      return fail("invalid-argument", `${path}, or a part of its path, is not a directory`);
    case "ENAMETOOLONG":
      return fail("invalid-argument", `the path ${path.slice(0, 100)}… is longer than the system takes`);
    case "ELOOP":
      return fail("invalid-argument", `${path} leads through too many symbolic links`);
    case "EBUSY":
      return fail("invalid-argument", `${path} is in use, for example as a mount point`);
    default:
      return error;
  }
}
