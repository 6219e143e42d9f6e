import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { constants } from "node:os";
import { type StartProcessRequest, startProcessRequestSchema } from "@kernelbox/protocol";
import { z } from "zod";
import { parseArgument, readJsonBody } from "../http/json-body.ts";
import type { Route } from "../http/router.ts";
import { sendJson, sendNoContent } from "../http/send-json.ts";
import type { BoxProcess } from "./box-process.ts";
import type { ProcessTable } from "./process-table.ts";

/** A start request carries all of the command's input. */
const startBodyLimitBytes = 96 * 1024 * 1024;

const signalRequestSchema = z.object({
  signal: z.custom<NodeJS.Signals>(
    (value) => typeof value === "string" && value in constants.signals,
    "not the name of a signal, such as SIGTERM",
  ),
});
const afterSchema = z.coerce.number().int().min(0);

/** The routes under `/kernelbox/processes`. */
export function createProcessRoutes(table: ProcessTable): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/kernelbox/processes",
      handle: async ({ request, response }) => {
        const options = { limitBytes: startBodyLimitBytes };
        const asked: StartProcessRequest = await readJsonBody(request, startProcessRequestSchema, options);
        const { id, pid } = await table.start(asked);
        sendJson(response, 201, { id, pid });
      },
    },
    {
      method: "GET",
      path: "/kernelbox/processes/:id/events",
      handle: async ({ response, url, parameters }) => {
        const after = parseArgument(afterSchema, url.searchParams.get("after") ?? "0", 'query parameter "after"');
        await sendEvents(response, await table.get(parameters["id"] ?? ""), after);
      },
    },
    {
      method: "POST",
      path: "/kernelbox/processes/:id/signal",
      handle: async ({ request, response, parameters }) => {
        const { signal } = await readJsonBody(request, signalRequestSchema);
        const target = await table.get(parameters["id"] ?? "");
        target.signal(signal);
        sendNoContent(response);
      },
    },
  ];
}

/** One event a line, as they come, no faster than the client reads. */
async function sendEvents(response: ServerResponse, source: BoxProcess, after: number): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.flushHeaders();
  for await (const event of source.read(after, gone.signal)) {
    if (response.write(`${JSON.stringify(event)}\n`)) continue;
    // Rejects when the client is gone: then there is nobody to answer.
    await once(response, "drain", { signal: gone.signal }).catch(() => undefined);
  }
  if (!gone.signal.aborted) response.end();
}
