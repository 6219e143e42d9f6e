import { type FileInfo, fileInfoSchema } from "@kernelbox/protocol";
import { z } from "zod";
import { checkArgument, checkString, signalSchema } from "../check-argument.ts";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { WaitOptions } from "../runtime/runtime.ts";
import type { BoxClient } from "../tunnel/box-client.ts";
import { type FileData, bodyFromData } from "./file-data.ts";
import { type FileEncoding, type ReadFileOptions, type ReadFileResult, readFile } from "./read-file.ts";

/** Options of `sandbox.writeFile`. */
export type WriteFileOptions = WaitOptions & {
  /** Permission bits, such as `0o755`. @default 0o644 */
  readonly mode?: number | undefined;
  /** How a string becomes bytes. @default "utf8" */
  readonly encoding?: "utf8" | "base64" | undefined;
};

/** Options of calls that may walk through a directory. */
export type RecursiveOptions = WaitOptions & {
  /** Everything below, too. @default false */
  readonly recursive?: boolean | undefined;
};

const waitSchema = z.strictObject({ signal: signalSchema });
const writeSchema = z.strictObject({
  mode: z.number().int().min(0).max(0o7777).optional(),
  encoding: z.enum(["utf8", "base64"]).optional(),
  signal: signalSchema,
});
const readSchema = z.strictObject({
  encoding: z.enum(["utf8", "bytes", "base64", "stream"]).optional(),
  signal: signalSchema,
});
const recursiveSchema = z.strictObject({ recursive: z.boolean().optional(), signal: signalSchema });

/** The files of one box. Relative paths start at its workdir. */
export class Files {
  readonly #client: BoxClient;

  constructor(client: BoxClient) {
    this.#client = client;
  }

  async write(path: string, data: FileData, options: WriteFileOptions): Promise<FileInfo> {
    checkPath(path, "writeFile");
    checkArgument(writeSchema, options, "writeFile");
    const { mode, encoding = "utf8", signal } = options;
    const body = bodyFromData(data, encoding);
    return this.#client.json(fileInfoSchema, "PUT", "/kernelbox/files/content", {
      query: { path, mode },
      body,
      signal,
      // The same bytes written twice are the same file; a stream can be read once.
      isRepeatable: body instanceof Uint8Array,
    });
  }

  read<E extends FileEncoding>(path: string, options: ReadFileOptions<E>): Promise<ReadFileResult<E>> {
    checkPath(path, "readFile");
    checkArgument(readSchema, options, "readFile");
    return readFile(this.#client, path, options);
  }

  list(path: string, options: RecursiveOptions): Promise<readonly FileInfo[]> {
    checkPath(path, "listFiles");
    checkArgument(recursiveSchema, options, "listFiles");
    const { recursive, signal } = options;
    const query = { path, recursive: recursive === true ? true : undefined };
    return this.#client.json(z.array(fileInfoSchema), "GET", "/kernelbox/files/list", { query, signal });
  }

  stat(path: string, options: WaitOptions, call = "statFile"): Promise<FileInfo> {
    checkPath(path, call);
    checkArgument(waitSchema, options, call);
    return this.#client.json(fileInfoSchema, "GET", "/kernelbox/files/info", { query: { path }, ...options });
  }

  async exists(path: string, options: WaitOptions): Promise<boolean> {
    try {
      await this.stat(path, options, "exists");
      return true;
    } catch (error) {
      if (KernelboxError.isInstance(error) && error.code === "file-not-found") return false;
      throw error;
    }
  }

  async delete(path: string, options: RecursiveOptions): Promise<void> {
    checkPath(path, "deleteFile");
    checkArgument(recursiveSchema, options, "deleteFile");
    const { recursive, signal } = options;
    const query = { path, recursive: recursive === true ? true : undefined };
    await this.#client.empty("DELETE", "/kernelbox/files", { query, signal });
  }

  makeDirectory(path: string, options: WaitOptions): Promise<FileInfo> {
    checkPath(path, "mkdir");
    checkArgument(waitSchema, options, "mkdir");
    return this.#client.json(fileInfoSchema, "POST", "/kernelbox/files/directory", {
      query: { path },
      ...options,
      isRepeatable: true,
    });
  }
}

function checkPath(path: unknown, call: string): void {
  checkString(path, "path", call);
  checkArgument(
    z
      .string()
      .min(1, "path must not be empty")
      .refine((value) => !value.includes("\0"), "path has a NUL"),
    path,
    call,
  );
}
