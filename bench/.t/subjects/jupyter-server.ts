import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Kernel as JupyterKernel,
  KernelAPI,
  KernelManager,
  KernelMessage,
  ServerConnection,
} from "@jupyterlab/services";
import { WebSocket } from "ws";
import type { Kernel, Run, RunOptions, Subject } from "../subject.ts";
import { freePorts } from "./free-ports.ts";

const startTimeoutMs = 60_000;

/** A stock Jupyter Server with its defaults, driven by the stock client @jupyterlab/services. */
export function jupyterServer(python: string): Subject {
  return { name: "Jupyter Server", open: () => open(python) };
}

async function open(python: string): Promise<Kernel> {
  const directory = await mkdtemp(join(tmpdir(), "kernelbox-bench-"));
  const [port] = await freePorts(1);
  const token = randomUUID();
  const child = spawn(
    python,
    [
      "-m",
      "jupyter_server",
      "--no-browser",
      "--allow-root",
      "--ip=127.0.0.1",
      `--port=${port}`,
      "--ServerApp.port_retries=0",
    ],
    {
      cwd: directory,
      env: {
        ...process.env,
        JUPYTER_TOKEN: token,
        IPYTHONDIR: directory,
        JUPYTER_CONFIG_DIR: directory,
        JUPYTER_RUNTIME_DIR: directory,
      },
      stdio: "ignore",
    },
  );
  const ended = once(child, "exit");
  const baseUrl = `http://127.0.0.1:${port}/`;
  const serverSettings = ServerConnection.makeSettings({
    baseUrl,
    wsUrl: baseUrl.replace("http", "ws"),
    token,
    appendToken: true,
    // The class of `ws` has all that the client uses of the browser's.
    WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
  });
  const closeServer = async (): Promise<void> => {
    child.kill("SIGTERM");
    const killing = AbortSignal.timeout(10_000);
    killing.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await untilItAnswers(`${baseUrl}api`);
    const manager = new KernelManager({ serverSettings });
    await manager.ready;
    const connection = await manager.startNew({ name: "python3" });
    await connection.info;
    return {
      run: (code, options) => run(connection, code, options),
      close: async () => {
        await KernelAPI.shutdownKernel(connection.id, serverSettings);
        connection.dispose();
        manager.dispose();
        await closeServer();
      },
    };
  } catch (error) {
    await closeServer();
    throw error;
  }
}

async function untilItAnswers(url: string): Promise<void> {
  const end = Date.now() + startTimeoutMs;
  while (Date.now() < end) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(50);
  }
  throw new Error(`the Jupyter Server did not answer within ${startTimeoutMs} ms`);
}

async function run(connection: JupyterKernel.IKernelConnection, code: string, options: RunOptions = {}): Promise<Run> {
  const future = connection.requestExecute({ code, store_history: true, allow_stdin: false, stop_on_error: true });
  let text: string | undefined;
  future.onIOPub = (message) => {
    if (KernelMessage.isStreamMsg(message) && message.content.name === "stdout")
      options.onStdout?.(message.content.text);
    if (KernelMessage.isExecuteResultMsg(message)) text = textOf(message.content.data["text/plain"]);
  };
  const reply = await future.done;
  if (reply.content.status !== "ok") throw new Error(`a cell failed: ${JSON.stringify(reply.content)}`);
  return { text };
}

/** A notebook's multi-line string may be a list of lines. */
function textOf(data: unknown): string | undefined {
  if (Array.isArray(data)) return data.join("");
  return typeof data === "string" ? data : undefined;
}
