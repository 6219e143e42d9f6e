import { type Kernel, KernelManager, ServerConnection } from "@jupyterlab/services";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { describeOnEveryRuntime } from "../fixture.ts";

describeOnEveryRuntime("exposeJupyter", (box) => {
  async function exposed(): Promise<Awaited<ReturnType<typeof box.sandbox.exposeJupyter>>> {
    const jupyter = await box.sandbox.exposeJupyter();
    box.defer(() => jupyter.close());
    return jupyter;
  }

  describe("the address", () => {
    test("is on loopback and asks for the token", async () => {
      const { url, token } = await exposed();
      expect(new URL(url).hostname).toMatch(/^(127\.0\.0\.1|localhost|\[::1\])$/);
      expect((await fetch(new URL("api/kernels", withSlash(url)))).status).toBeGreaterThanOrEqual(400);
      const answer = await fetch(new URL("api/kernels", withSlash(url)), {
        headers: { authorization: `token ${token}` },
      });
      expect(answer.status).toBe(200);
    });

    test("takes the token from the query, as Jupyter does", async () => {
      const { url, token } = await exposed();
      const address = new URL("api/kernelspecs", withSlash(url));
      address.searchParams.set("token", token);
      const answer = await fetch(address);
      expect(await answer.json()).toMatchObject({ kernelspecs: { python3: {} } });
    });

    test("a wrong token is refused", async () => {
      const { url } = await exposed();
      const answer = await fetch(new URL("api/kernels", withSlash(url)), { headers: { authorization: "token wrong" } });
      expect([401, 403]).toContain(answer.status);
    });

    test("a web page of another origin is refused", async () => {
      const { url, token } = await exposed();
      const answer = await fetch(new URL("api/kernels", withSlash(url)), {
        headers: { authorization: `token ${token}`, origin: "http://evil.example", host: "evil.example" },
      });
      expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    });

    test("after close nobody answers", async () => {
      const { url, close } = await exposed();
      await close();
      await expect(fetch(url)).rejects.toThrow();
    });
  });

  describe("a stock Jupyter client", () => {
    async function manager(): Promise<KernelManager> {
      const { url, token } = await exposed();
      const serverSettings = ServerConnection.makeSettings({
        baseUrl: withSlash(url),
        wsUrl: withSlash(url).replace(/^http/, "ws"),
        token,
        appendToken: true,
        WebSocket: WebSocket as unknown as typeof globalThis.WebSocket,
      });
      const kernels = new KernelManager({ serverSettings });
      box.defer(() => kernels.dispose());
      return kernels;
    }
    async function started(kernels: KernelManager): Promise<Kernel.IKernelConnection> {
      const kernel = await kernels.startNew({ name: "python3" });
      box.defer(() => kernel.dispose());
      box.defer(() => kernel.shutdown());
      return kernel;
    }
    async function outputOf(kernel: Kernel.IKernelConnection, code: string): Promise<unknown[]> {
      const output: unknown[] = [];
      const future = kernel.requestExecute({ code });
      future.onIOPub = ({ header, content }) => {
        if (header.msg_type === "stream" || header.msg_type === "execute_result") output.push(content);
      };
      await future.done;
      return output;
    }

    test("starts a kernel and runs code in it", async () => {
      const kernel = await started(await manager());
      expect(await outputOf(kernel, "print('out')\n6 * 7")).toMatchObject([
        { name: "stdout", text: "out\n" },
        { data: { "text/plain": "42" } },
      ]);
    });

    test("finds the contexts of the sandbox as kernels", async () => {
      const context = await box.context();
      await context.runCode("x = 41");
      const kernel = (await manager()).connectTo({ model: { id: context.id, name: "python3" } });
      box.defer(() => kernel.dispose());
      expect(await outputOf(kernel, "x + 1")).toMatchObject([{ data: { "text/plain": "42" } }]);
    });

    test("interrupts and restarts", async () => {
      const kernel = await started(await manager());
      const future = kernel.requestExecute({ code: "import time\nwhile True: time.sleep(0.01)" });
      await new Promise<void>((resolve) => {
        future.onIOPub = ({ header }) => {
          if (header.msg_type === "execute_input") resolve();
        };
      });
      await kernel.interrupt();
      expect((await future.done).content.status).not.toBe("ok");
      await kernel.restart();
      expect(await outputOf(kernel, "1 + 1")).toMatchObject([{ data: { "text/plain": "2" } }]);
    });

    test("a kernel that it started is a context of the sandbox", async () => {
      const kernel = await started(await manager());
      expect((await box.sandbox.listCodeContexts()).map(({ id }) => id)).toContain(kernel.id);
    });
  });
});

function withSlash(url: string): string {
  return url.endsWith("/") ? url : `${url}/`;
}
