import { randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { dirname } from "node:path/posix";
import type { Failure } from "@kernelbox/protocol";
import { z } from "zod";
import { withAskedRestart } from "../channels/asked-restarts.ts";
import { FailureError } from "../failure-error.ts";
import { readJsonBody } from "../http/json-body.ts";
import type { Route } from "../http/router.ts";
import { sendJson, sendNoContent } from "../http/send-json.ts";
import type { CodeContext } from "./code-context.ts";
import { idOf } from "./context-routes.ts";
import type { ContextStore } from "./context-store.ts";
import { logosOf, readLogo } from "./kernelspec-logos.ts";
import type { Kernelspec } from "./kernelspecs.ts";

/** The version of Jupyter Server's REST API that these routes follow. */
const jupyterServerVersion = "2.21.0";

const createKernelSchema = z.object({
  name: z.string().nullish(),
  path: z.string().nullish(),
  /** Kernel gateways take the kernel's environment here. */
  env: z.record(z.string(), z.string()).nullish(),
});
type CreateKernel = z.infer<typeof createKernelSchema>;

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
    {
      method: "GET",
      path: "/api/kernelspecs/:name",
      handle: async ({ response, parameters }) => {
        const spec = findKernelspec(store, parameters);
        if (spec) sendJson(response, 200, kernelspecModel(spec));
        else sendNoKernelspec(response, parameters);
      },
    },
    {
      method: "GET",
      path: "/kernelspecs/:name/:file",
      handle: async ({ response, parameters }) => {
        const spec = findKernelspec(store, parameters);
        if (!spec) return sendNoKernelspec(response, parameters);
        const bytes = await readLogo(spec, parameters["file"] ?? "");
        response.writeHead(200, { "content-type": "image/png", "content-length": bytes.length }).end(bytes);
      },
    },
    get("/api/kernels", () => store.list().map(kernelModel)),
    get("/api/kernels/:id", (parameters) => kernelModel(store.get(idOf(parameters)))),
    {
      method: "POST",
      path: "/api/kernels",
      handle: async ({ request, response }) => {
        const context = await createKernel(store, await readJsonBody(request, createKernelSchema));
        response.setHeader("location", `/api/kernels/${encodeURIComponent(context.id)}`);
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
        await withAskedRestart(context.journal, () => context.restart());
        sendJson(response, 200, kernelModel(context));
      },
    },
  ];
}

/** In the directory of `path`, as Jupyter Server does it: where that is missing, in the nearest one above that exists. */
async function createKernel(store: ContextStore, { name, path, env }: CreateKernel): Promise<CodeContext> {
  const request = { id: randomUUID(), ...(name != null && { language: name }), ...(env != null && { env }) };
  let cwd = (path ?? "").replace(/^\/+/, "");
  while (cwd !== "" && cwd !== ".") {
    try {
      return await store.create({ ...request, cwd });
    } catch (error) {
      if (!(error instanceof FailureError) || error.code !== "file-not-found") throw error;
      cwd = dirname(cwd);
    }
  }
  return store.create(request);
}

function findKernelspec(store: ContextStore, parameters: Readonly<Record<string, string>>): Kernelspec | undefined {
  const name = parameters["name"]?.toLowerCase();
  return store.kernelspecs().find((spec) => spec.name === name);
}

/** 404, which gateway clients tell from other failures; a language that is missing is 422 elsewhere. */
function sendNoKernelspec(response: ServerResponse, parameters: Readonly<Record<string, string>>): void {
  const message = `there is no kernelspec ${JSON.stringify(parameters["name"] ?? "")}`;
  sendJson(response, 404, { code: "language-unavailable", message } satisfies Failure);
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
    resources: logosOf(spec),
  };
}
