import { createCheckpointRequestSchema, forkContextRequestSchema, restoreRequestSchema } from "@kernelbox/protocol";
import { readJsonBody } from "../http/json-body.ts";
import type { Route } from "../http/router.ts";
import { sendJson, sendNoContent } from "../http/send-json.ts";
import { infoOfCheckpoint } from "./checkpoint-store.ts";
import { idOf } from "./context-routes.ts";
import type { ContextStore } from "./context-store.ts";
import { signalOfResponse } from "../http/response-signal.ts";

/** Forks and checkpoints of a context. A client that leaves takes back what still waits for its turn. */
export function checkpointRoutes(store: ContextStore): readonly Route[] {
  const base = "/kernelbox/contexts/:id";
  return [
    {
      method: "POST",
      path: `${base}/fork`,
      handle: async ({ request, response, parameters }) => {
        const body = await readJsonBody(request, forkContextRequestSchema);
        const context = await store.fork(idOf(parameters), body, signalOfResponse(response));
        sendJson(response, 201, context.info());
      },
    },
    {
      method: "POST",
      path: `${base}/checkpoints`,
      handle: async ({ request, response, parameters }) => {
        const body = await readJsonBody(request, createCheckpointRequestSchema);
        const checkpoint = await store.get(idOf(parameters)).checkpoint(body, signalOfResponse(response));
        sendJson(response, 201, infoOfCheckpoint(checkpoint));
      },
    },
    {
      method: "GET",
      path: `${base}/checkpoints`,
      handle: async ({ response, parameters }) =>
        sendJson(response, 200, store.checkpointsOf(idOf(parameters)).map(infoOfCheckpoint)),
    },
    {
      method: "POST",
      path: `${base}/checkpoints/:checkpoint/restore`,
      handle: async ({ request, response, parameters }) => {
        const body = await readJsonBody(request, restoreRequestSchema);
        const signal = signalOfResponse(response);
        const context = await store.restore(idOf(parameters), parameters["checkpoint"] ?? "", body, signal);
        sendJson(response, 200, context.info());
      },
    },
    {
      method: "DELETE",
      path: `${base}/checkpoints/:checkpoint`,
      handle: async ({ response, parameters }) => {
        store.dropCheckpoint(idOf(parameters), parameters["checkpoint"] ?? "");
        sendNoContent(response);
      },
    },
  ];
}
