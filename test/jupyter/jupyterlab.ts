import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ExposedJupyter } from "kernelbox";
import { makePrivateJupyter } from "./private-jupyter.ts";

const startTimeoutMs = 60_000;
const stopTimeoutMs = 10_000;
/** No question about news, and no look for a newer version. */
const quietSettings = {
  "@jupyterlab/apputils-extension:notification": { fetchNews: "false", checkForUpdates: false },
};

/** A JupyterLab whose kernels are a sandbox's. */
export type JupyterLab = AsyncDisposable & {
  /** Writes a notebook with these cells and gives the address of its page. */
  notebook(name: string, cells: readonly string[]): Promise<string>;
  /** Asks the server for something. */
  fetch(path: string): Promise<Response>;
  /** What the server logged so far. */
  log(): string;
};

/** Starts one on a free port of loopback; resolves when it answers. */
export async function startJupyterLab(python: string, exposed: ExposedJupyter): Promise<JupyterLab> {
  const jupyter = await makePrivateJupyter(exposed);
  const notebooks = join(jupyter.directory, "notebooks");
  await mkdir(notebooks);
  const settings = join(jupyter.directory, "labconfig");
  await mkdir(settings);
  await writeFile(join(settings, "default_setting_overrides.json"), JSON.stringify(quietSettings));
  const token = randomUUID();
  const flags = [
    "--no-browser",
    "--allow-root",
    "--expose-app-in-browser",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    `--ServerApp.root_dir=${notebooks}`,
    "--ServerApp.terminals_enabled=False",
    `--gateway-url=${exposed.url}`,
  ];
  const child = spawn(python, ["-m", "jupyterlab", ...flags], {
    cwd: jupyter.directory,
    env: { ...jupyter.env, JUPYTER_TOKEN: token },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (log += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  const ended = once(child, "close");
  const stop = async (): Promise<void> => {
    // It shuts its kernels down on the way out.
    if (child.exitCode === null) child.kill("SIGTERM");
    const killing = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
    await ended;
    clearTimeout(killing);
    await jupyter.remove();
  };
  try {
    const address = await addressOf(join(jupyter.directory, "runtime"), token, () => {
      if (child.exitCode !== null) throw new Error(`JupyterLab ended with ${child.exitCode}: ${log}`);
    });
    return {
      notebook: async (name, cells) => {
        await writeFile(join(notebooks, name), JSON.stringify(notebookOf(cells)));
        return `${address}lab/tree/${name}?token=${token}`;
      },
      fetch: (path) => fetch(`${address}${path}?token=${token}`),
      log: () => log,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The server tells its port in a file; then it answers. */
async function addressOf(runtimeDirectory: string, token: string, check: () => void): Promise<string> {
  const signal = AbortSignal.timeout(startTimeoutMs);
  for (;;) {
    check();
    const files = await readdir(runtimeDirectory).catch(() => []);
    const file = files.find((name) => /^jpserver-\d+\.json$/.test(name));
    const url = file && urlFrom(await readFile(join(runtimeDirectory, file), "utf8"));
    if (url !== undefined && url !== "" && (await answers(`${url}api/status?token=${token}`))) return url;
    await delay(100, undefined, { signal });
  }
}

function urlFrom(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { readonly url?: string }).url;
  } catch {
    // It is being written.
    return undefined;
  }
}

async function answers(address: string): Promise<boolean> {
  const response = await fetch(address).catch(() => undefined);
  return response?.ok === true;
}

function notebookOf(cells: readonly string[]): unknown {
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {
      kernelspec: { name: "python3", display_name: "Python 3", language: "python" },
      language_info: { name: "python" },
    },
    cells: cells.map((source) => ({
      cell_type: "code",
      id: randomUUID(),
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
  };
}
