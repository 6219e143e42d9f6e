import { randomUUID } from "node:crypto";
import { z } from "zod";
import { FailureError } from "../failure-error.ts";
import { readJsonBody } from "../http/json-body.ts";
import type { Route } from "../http/router.ts";
import { sendJson, sendNoContent } from "../http/send-json.ts";
import type { CodeContext } from "./code-context.ts";
import { idOf } from "./context-routes.ts";
import type { ContextStore } from "./context-store.ts";
import type { Kernelspec } from "./kernelspecs.ts";

/** The version of Jupyter Server's REST API that these routes follow. */
const jupyterServerVersion = "2.21.0";

const createKernelSchema = z.object({ name: z.string().nullish(), path: z.string().nullish() });

/**
 * The part of Jupyter Server's REST API that a client of a kernel gateway uses.
 * @see https://jupyter-server.readthedocs.io/en/latest/developers/rest-api.html
 */
export function jupyterRoutes(store: ContextStore): readonly Route[] {
  const startedAt = new Date().toISOString();
  return [
    get("/api", () => ({ version: jupyterServerVersion })),
    get("/api/status", () => {
      const models = store.list().map(kernelModel);
      const connections = models.reduce((sum, model) => sum + model.connections, 0);
      const lastActivity = models.map((model) => model.last_activity).sort();
      return {
        started: startedAt,
        last_activity: lastActivity.at(-1) ?? startedAt,
        connections,
        kernels: models.length,
      };
    }),
    get("/api/kernelspecs", () => {
      const specs = store.kernelspecs();
      const models = specs.map((spec) => [spec.name, kernelspecModel(spec)]);
      return { default: specs[0]?.name ?? "", kernelspecs: Object.fromEntries(models) };
    }),
    get("/api/kernelspecs/:name", (parameters) => {
      const name = parameters["name"] ?? "";
      const spec = store.kernelspecs().find((candidate) => candidate.name === name.toLowerCase());
      if (spec) return kernelspecModel(spec);
      throw new FailureError("language-unavailable", `there is no kernelspec ${JSON.stringify(name)}`);
    }),
    get("/api/kernels", () => store.list().map(kernelModel)),
    get("/api/kernels/:id", (parameters) => kernelModel(store.get(idOf(parameters)))),
    {
      method: "POST",
      path: "/api/kernels",
      handle: async ({ request, response }) => {
        const { name, path } = await readJsonBody(request, createKernelSchema);
        const context = await store.create({
          id: randomUUID(),
          ...(name != null && { language: name }),
          ...(path != null && { cwd: path.replace(/^\/+/, "") }),
        });
        sendJson(response, 201, kernelModel(context));
      },
    },
    {
      method: "DELETE",
      path: "/api/kernels/:id",
      handle: async ({ response, parameters }) => {
        await store.delete(idOf(parameters));
        sendNoContent(response);
      },
    },
    {
      method: "POST",
      path: "/api/kernels/:id/interrupt",
      handle: async ({ request, response, parameters }) => {
        request.resume();
        store.get(idOf(parameters)).interrupt();
        sendNoContent(response);
      },
    },
    {
      method: "POST",
      path: "/api/kernels/:id/restart",
      handle: async ({ request, response, parameters }) => {
        request.resume();
        const context = store.get(idOf(parameters));
        await context.restart();
        sendJson(response, 200, kernelModel(context));
      },
    },
  ];
}

function get(path: string, answer: (parameters: Readonly<Record<string, string>>) => unknown): Route {
  return {
    method: "GET",
    path,
    handle: async ({ response, parameters }) => sendJson(response, 200, answer(parameters)),
  };
}

type KernelModel = {
  readonly id: string;
  readonly name: string;
  readonly last_activity: string;
  readonly execution_state: string;
  readonly connections: number;
};

function kernelModel(context: CodeContext): KernelModel {
  const { id, kernelName, lastUsedAt, status } = context.info();
  return {
    id,
    name: kernelName,
    last_activity: lastUsedAt,
    execution_state: status,
    connections: context.connections,
  };
}

function kernelspecModel(spec: Kernelspec): unknown {
  return {
    name: spec.name,
    spec: {
      argv: spec.argv,
      display_name: spec.displayName,
      language: spec.language,
      interrupt_mode: spec.interruptMode,
      env: spec.env,
      metadata: spec.metadata,
    },
    resources: {},
  };
}
