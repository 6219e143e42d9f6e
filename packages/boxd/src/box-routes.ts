import { type BoxdConfig, type Health, protocolVersion } from "@kernelbox/protocol";
import type { Route } from "./http/router.ts";
import { sendJson } from "./http/send-json.ts";
import { readBoxUsage } from "./usage/box-usage.ts";
import { boxdVersion } from "./version.ts";

/** What the routes about the box as a whole need. */
export type BoxRoutesOptions = {
  readonly config: BoxdConfig;
  readonly languages: () => readonly string[];
  /** Called after the answer to a stop is on its way. */
  readonly onStop: () => void;
};

/** The routes about the box as a whole: health, usage, stop. */
export function createBoxRoutes({ config, languages, onStop }: BoxRoutesOptions): readonly Route[] {
  const startedAt = new Date().toISOString();
  const health = (): Health => ({
    protocolVersion,
    version: boxdVersion,
    boxId: config.boxId,
    pid: process.pid,
    startedAt,
    workdir: config.workdir,
    languages: [...languages()],
    settings: {
      timeoutMs: config.timeoutMs,
      idleTimeoutMs: config.idleTimeoutMs,
      maxLifetimeMs: config.maxLifetimeMs,
    },
  });
  return [
    {
      method: "GET",
      path: "/kernelbox/health",
      handle: async ({ response }) => {
        sendJson(response, 200, health());
      },
    },
    {
      method: "GET",
      path: "/kernelbox/usage",
      handle: async ({ response }) => {
        sendJson(response, 200, await readBoxUsage(config));
      },
    },
    {
      method: "POST",
      path: "/kernelbox/stop",
      handle: async ({ response }) => {
        response.once("close", onStop);
        sendJson(response, 202, { stopping: true });
      },
    },
  ];
}
