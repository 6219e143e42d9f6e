import { lstat, mkdir, rm, rmdir, unlink } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import type { BoxdConfig } from "@kernelbox/protocol";
import { FailureError } from "../failure-error.ts";
import type { Route, RouteContext } from "../http/router.ts";
import { sendJson, sendNoContent } from "../http/send-json.ts";
import { failureFromFileError } from "./file-failure.ts";
import { readFileInfo } from "./file-info.ts";
import { listDirectory } from "./list-directory.ts";
import { createPathResolver } from "./path-resolver.ts";
import { readContent } from "./read-content.ts";
import { writeContent } from "./write-content.ts";

/** The routes under `/kernelbox/files`. */
export function createFileRoutes(config: Pick<BoxdConfig, "workdir" | "fileRoots">): readonly Route[] {
  const paths = createPathResolver(config);
  const route = (
    method: string,
    path: string,
    handle: (context: RouteContext, given: string) => Promise<void>,
  ): Route => ({
    method,
    path: `/kernelbox/files${path}`,
    handle: async (context) => {
      const given = context.url.searchParams.get("path");
      if (given === null) throw new FailureError("invalid-argument", 'query parameter "path" is missing');
      try {
        await handle(context, given);
      } catch (error) {
        throw failureFromFileError(error, given);
      }
    },
  });

  return [
    route("PUT", "/content", async ({ request, response, url }, given) => {
      const mode = modeOf(url);
      const { path, target } = await paths.resolve(given, { followLink: true });
      await writeContent(request, target, mode);
      sendJson(response, 200, await readFileInfo(path, target, true));
    }),
    route("GET", "/content", async ({ response }, given) => {
      const { path, target } = await paths.resolve(given, { followLink: true });
      await readContent(response, path, target);
    }),
    route("GET", "/list", async ({ response, url }, given) => {
      const { path, target } = await paths.resolve(given, { followLink: true });
      const options = { recursive: flagOf(url, "recursive"), signal: goneSignal(response) };
      sendJson(response, 200, await listDirectory(path, target, options));
    }),
    route("GET", "/info", async ({ response }, given) => {
      const { path, target } = await paths.resolve(given, { followLink: false });
      sendJson(response, 200, await readFileInfo(path, target, false));
    }),
    route("POST", "/directory", async ({ response }, given) => {
      const { path, target } = await paths.resolve(given, { followLink: true });
      await mkdir(target, { recursive: true });
      sendJson(response, 200, await readFileInfo(path, target, true));
    }),
    route("DELETE", "", async ({ response, url }, given) => {
      const resolved = await paths.resolve(given, { followLink: false });
      if (await paths.isProtected(resolved)) {
        throw new FailureError("invalid-argument", `${resolved.path} cannot be deleted: the sandbox works in it`);
      }
      await remove(resolved.target, flagOf(url, "recursive"));
      sendNoContent(response);
    }),
  ];
}

async function remove(target: string, recursive: boolean): Promise<void> {
  const stats = await lstat(target);
  if (!stats.isDirectory()) await unlink(target);
  else if (recursive) await rm(target, { recursive: true });
  else await rmdir(target);
}

function flagOf(url: URL, name: string): boolean {
  const value = url.searchParams.get(name) ?? "false";
  if (value !== "true" && value !== "false") {
    throw new FailureError(
      "invalid-argument",
      `query parameter "${name}" is ${JSON.stringify(value)}; it takes true or false`,
    );
  }
  return value === "true";
}

function modeOf(url: URL): number | undefined {
  const value = url.searchParams.get("mode");
  if (value === null) return undefined;
  const mode = /^\d+$/.test(value) ? Number(value) : NaN;
  if (mode <= 0o7777) return mode;
  throw new FailureError("invalid-argument", `query parameter "mode" is ${JSON.stringify(value)}; it takes 0 to 4095`);
}

/** Aborted when the client is gone. */
function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}
