import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExposedJupyter } from "kernelbox";

/** A directory and an environment for one stock client, which leave the user's own Jupyter out. */
export type PrivateJupyter = {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
};

/** Makes both; the client's gateway is the sandbox behind `exposed`. */
export async function makePrivateJupyter({ url, token }: ExposedJupyter): Promise<PrivateJupyter> {
  const directory = await mkdtemp(join(tmpdir(), "kernelbox-jupyter-"));
  const own = Object.entries(process.env).filter(([name]) => !/^(JUPYTER|IPYTHON|KERNEL_)/.test(name));
  const env = {
    ...Object.fromEntries(own),
    IPYTHONDIR: directory,
    JUPYTER_CONFIG_DIR: directory,
    JUPYTER_DATA_DIR: directory,
    JUPYTER_RUNTIME_DIR: join(directory, "runtime"),
    JUPYTER_GATEWAY_URL: url,
    JUPYTER_GATEWAY_AUTH_TOKEN: token,
    // GatewayKernelClient sends no header with its WebSocket, so the token is in the path.
    JUPYTER_GATEWAY_WS_URL: `${url.replace(/^http/, "ws")}/${token}`,
  };
  return { directory, env, remove: () => rm(directory, { recursive: true, force: true }) };
}
