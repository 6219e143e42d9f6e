import { createContextRequestSchema, interruptRequestSchema } from "@kernelbox/protocol";
import { z } from "zod";
import { readJsonBody } from "../http/json-body.ts";
import type { Route } from "../http/router.ts";
import { sendJson, sendNoContent } from "../http/send-json.ts";
import type { ContextStore } from "./context-store.ts";

const defaultContextRequestSchema = z.object({ language: z.string().optional() });

/** `/kernelbox/contexts` and what is below it. */
export function contextRoutes(store: ContextStore): readonly Route[] {
  const base = "/kernelbox/contexts";
  return [
    {
      method: "POST",
      path: base,
      handle: async ({ request, response }) => {
        const context = await store.create(await readJsonBody(request, createContextRequestSchema));
        sendJson(response, 201, context.info());
      },
    },
    {
      method: "POST",
      path: `${base}/default`,
      handle: async ({ request, response }) => {
        const { language } = await readJsonBody(request, defaultContextRequestSchema);
        sendJson(response, 200, (await store.getDefault(language)).info());
      },
    },
    {
      method: "GET",
      path: base,
      handle: async ({ response }) =>
        sendJson(
          response,
          200,
          store.list().map((context) => context.info()),
        ),
    },
    {
      method: "GET",
      path: `${base}/:id`,
      handle: async ({ response, parameters }) => sendJson(response, 200, store.get(idOf(parameters)).info()),
    },
    {
      method: "DELETE",
      path: `${base}/:id`,
      handle: async ({ response, parameters }) => {
        await store.delete(idOf(parameters));
        sendNoContent(response);
      },
    },
    {
      method: "POST",
      path: `${base}/:id/restart`,
      handle: async ({ response, parameters }) => {
        const context = store.get(idOf(parameters));
        await context.restart();
        sendJson(response, 200, context.info());
      },
    },
    {
      method: "POST",
      path: `${base}/:id/interrupt`,
      handle: async ({ request, response, parameters }) => {
        const { executionId } = await readJsonBody(request, interruptRequestSchema);
        sendJson(response, 200, store.get(idOf(parameters)).interrupt(executionId));
      },
    },
    {
      method: "GET",
      path: `${base}/:id/executions`,
      handle: async ({ response, parameters }) => sendJson(response, 200, store.get(idOf(parameters)).executions()),
    },
  ];
}

/** The `:id` of a route. */
export function idOf(parameters: Readonly<Record<string, string>>): string {
  return parameters["id"] ?? "";
}
