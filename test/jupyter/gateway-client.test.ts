import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { describeOnEveryRuntime } from "../fixture.ts";
import { findJupyterPython } from "./jupyter-environment.ts";
import { makePrivateJupyter } from "./private-jupyter.ts";

const script = fileURLToPath(new URL("gateway_client.py", import.meta.url));
const patienceMs = 120_000;
const found = findJupyterPython();

type Run = {
  readonly status: string;
  readonly prompt: string | null;
  readonly outputs: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
};
type Seen = {
  readonly kernel: Readonly<
    Record<"output" | "error" | "input" | "env" | "kept" | "afterRestart" | "reconnected", Run>
  > & {
    readonly kernelId: string;
    readonly interrupt: { readonly status: string; readonly errors: readonly string[] };
    readonly model: Readonly<Record<string, unknown>>;
    readonly alive: boolean;
    readonly afterShutdown: unknown;
  };
  readonly server: Readonly<Record<string, unknown>> & {
    readonly kernelId: string;
    readonly logos: readonly unknown[];
  };
};

describe.skipIf(found.reason !== undefined)(`jupyter_server's gateway client${because(found.reason)}`, () => {
  describeOnEveryRuntime("on a sandbox", (box) => {
    let seen: Promise<Seen> | undefined;
    /** The script runs once for all tests of a runtime. */
    const see = (): Promise<Seen> => (seen ??= runScript());

    async function runScript(): Promise<Seen> {
      await using exposed = await box.sandbox.exposeJupyter();
      const jupyter = await makePrivateJupyter(exposed);
      try {
        const child = spawn(found.python ?? "", [script], {
          cwd: jupyter.directory,
          env: jupyter.env,
          stdio: ["ignore", "pipe", "pipe"],
          timeout: patienceMs,
        });
        let output = "";
        let problems = "";
        child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
        child.stderr.setEncoding("utf8").on("data", (text: string) => (problems += text));
        const [code, signal] = (await once(child, "close")) as [number | null, string | null];
        if (code !== 0) throw new Error(`the script ended with ${String(code ?? signal)}: ${problems}`);
        return JSON.parse(output) as Seen;
      } finally {
        await jupyter.remove();
      }
    }

    test(
      "gets a cell's streams and its result",
      async () => {
        const { output } = (await see()).kernel;
        expect(output.status).toBe("ok");
        expect(output.outputs.slice(1)).toEqual([
          ["stream", { name: "stdout", text: "out\n" }],
          ["stream", { name: "stderr", text: "err\n" }],
          ["execute_result", { data: { "text/plain": "42" }, metadata: {}, execution_count: 1 }],
        ]);
      },
      patienceMs,
    );

    test("gets an error with its traceback", async () => {
      const { error } = (await see()).kernel;
      expect(error.status).toBe("error");
      expect(error.outputs.at(-1)).toMatchObject(["error", { ename: "ZeroDivisionError", evalue: "division by zero" }]);
    });

    test("answers input()", async () => {
      const { input } = (await see()).kernel;
      expect(input.prompt).toBe("Your name: ");
      expect(input.outputs.at(-1)).toMatchObject(["execute_result", { data: { "text/plain": "'Ada'" } }]);
    });

    test("gives the kernel its environment", async () => {
      const { env } = (await see()).kernel;
      expect(env.outputs.at(-1)).toMatchObject(["execute_result", { data: { "text/plain": "'green'" } }]);
    });

    test("interrupts, and the variables stay", async () => {
      const { interrupt, kept } = (await see()).kernel;
      expect(interrupt).toEqual({ status: "error", errors: ["KeyboardInterrupt"] });
      expect(kept.outputs.at(-1)).toMatchObject(["execute_result", { data: { "text/plain": "41" } }]);
    });

    test("reads the kernel's model", async () => {
      const { model, alive, kernelId } = (await see()).kernel;
      expect(alive).toBe(true);
      expect(model).toEqual({
        id: kernelId,
        name: "python3",
        last_activity: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/),
        execution_state: "idle",
        connections: 1,
      });
    });

    test("restarts on the same connection, and connects anew", async () => {
      const { afterRestart, reconnected } = (await see()).kernel;
      expect(afterRestart.outputs.at(-1)).toMatchObject(["error", { ename: "NameError" }]);
      expect(reconnected.outputs.at(-1)).toMatchObject(["execute_result", { data: { "text/plain": "42" } }]);
    });

    test("shuts the kernel down, and its context is gone", async () => {
      const { kernel, server } = await see();
      expect(kernel.afterShutdown).toBeNull();
      const ids = (await box.sandbox.listCodeContexts()).map(({ id }) => id);
      expect(ids).not.toContain(kernel.kernelId);
      expect(ids).not.toContain(server.kernelId);
    });

    test("the managers of a Jupyter server list kernelspecs with logos, and kernels", async () => {
      const { server } = await see();
      expect(server).toMatchObject({
        specs: {
          default: "python3",
          kernelspecs: { python3: { spec: { language: "python" } } },
        },
        noLogo: null,
        missingSpec: "KeyError",
        listed: expect.arrayContaining([server.kernelId]),
        afterShutdown: [],
      });
      expect(new Set(server.logos)).toEqual(new Set(server.logos.length > 0 ? ["89504e47"] : []));
    });
  });
});

function because(reason: string | undefined): string {
  return reason === undefined ? "" : ` (not run: ${reason})`;
}
