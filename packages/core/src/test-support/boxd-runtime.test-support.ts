import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { type BoxdConfigInput, boxdExitCodes } from "@kernelbox/protocol";
import { KernelboxError } from "../errors/kernelbox-error.ts";
import type { Box, BoxExit, BoxExitReason } from "../runtime/box.ts";
import { NameTakenError } from "../runtime/name-taken-error.ts";
import type { BoxSpec, Runtime } from "../runtime/runtime.ts";

const main = fileURLToPath(new URL("../../../boxd/src/main.ts", import.meta.url));
/** The environment of KERNELBOX_TEST_PYTHON, which `npm test` sets to the managed one. */
const prefix = dirname(dirname(process.env["KERNELBOX_TEST_PYTHON"] ?? "/usr/bin/python3"));

/** A runtime for tests: boxd as a plain process of this machine, from its sources. */
export type BoxdRuntime = Runtime & {
  /** Breaks every open tunnel. */
  cut(): void;
  /** Kills every box. */
  kill(): void;
  tunnels(): number;
  close(): Promise<void>;
  assignName: NonNullable<Runtime["assignName"]>;
  assignLabels: NonNullable<Runtime["assignLabels"]>;
};

type Living = { box: Box; readonly child: ChildProcess };

export function boxdRuntime(overrides: Partial<Runtime["capabilities"]> = {}): BoxdRuntime {
  const boxes = new Map<string, Living>();
  const tunnels = new Set<Duplex>();
  let opened = 0;

  async function create(spec: BoxSpec): Promise<Box> {
    const taken = [...boxes.values()].find(({ box }) => spec.name !== undefined && box.info.name === spec.name);
    if (taken !== undefined) throw new NameTakenError(taken.box.info);
    const directory = await mkdtemp(join(tmpdir(), "kb-core-"));
    const socket = join(directory, "boxd.sock");
    const config: BoxdConfigInput = {
      boxId: spec.id,
      socket,
      workdir: spec.workdir ?? join(directory, "work"),
      env: { ...spec.env },
      timeoutMs: spec.timeoutMs,
      idleTimeoutMs: spec.idleTimeoutMs,
      maxLifetimeMs: spec.maxLifetimeMs,
      kernelspecDirectories: [join(prefix, "share", "jupyter", "kernels")],
    };
    const child = spawn(process.execPath, ["--conditions=@kernelbox/source", "--import", "tsx", main], {
      cwd: fileURLToPath(new URL("../../../boxd", import.meta.url)),
      env: { ...process.env, KERNELBOX_BOXD: JSON.stringify(config) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let words = "";
    child.stderr.on("data", (chunk: Buffer) => (words = (words + chunk.toString()).slice(-2000)));
    const exited = once(child, "exit").then(async ([code]): Promise<BoxExit> => {
      boxes.delete(spec.id);
      await rm(directory, { recursive: true, force: true });
      return { reason: reasonOf(code as number | null), exitCode: (code as number | null) ?? -1, lastWords: words };
    });
    await Promise.race([
      once(child.stdout, "data"),
      exited.then((exit) => {
        throw new KernelboxError("box-start-failed", `boxd did not start: ${exit.lastWords}`);
      }),
    ]);
    const box: Box = {
      id: spec.id,
      info: {
        id: spec.id,
        labels: spec.labels,
        createdAt: new Date().toISOString(),
        optionsFingerprint: spec.optionsFingerprint,
        ...(spec.name === undefined ? {} : { name: spec.name }),
      },
      limits: spec.limits,
      isolation: "none",
      exited,
      openTunnel: async () => {
        if (!boxes.has(spec.id)) throw new KernelboxError("box-exited", "the box has ended");
        const stream = connect(socket);
        await once(stream, "connect");
        opened += 1;
        tunnels.add(stream);
        stream.once("close", () => tunnels.delete(stream));
        return stream;
      },
      stop: async () => {
        child.kill("SIGTERM");
        await exited;
      },
      release: () => Promise.resolve(),
    };
    boxes.set(spec.id, { box, child });
    return box;
  }

  function change(id: string, info: Partial<Box["info"]>): Promise<void> {
    const living = boxes.get(id);
    if (living === undefined) return Promise.reject(new KernelboxError("sandbox-not-found", `no living box ${id}`));
    living.box = { ...living.box, info: { ...living.box.info, ...info } };
    return Promise.resolve();
  }

  return {
    name: "boxd-process",
    capabilities: {
      network: ["internet"],
      memory: false,
      cpu: false,
      pids: false,
      disk: false,
      image: false,
      mounts: false,
      isolation: "none",
      attach: true,
      ...overrides,
    },
    create,
    attach: (id) => {
      const living = boxes.get(id);
      if (living !== undefined) return Promise.resolve(living.box);
      return Promise.reject(new KernelboxError("sandbox-not-found", `no living box ${id}`));
    },
    list: () => Promise.resolve([...boxes.values()].map(({ box }) => box.info)),
    assignName: async (id, name) => {
      const taken = [...boxes.values()].find(({ box }) => box.info.name === name);
      if (taken !== undefined) throw new NameTakenError(taken.box.info);
      await change(id, { name });
    },
    assignLabels: (id, labels) => change(id, { labels }),
    cut: () => tunnels.forEach((tunnel) => tunnel.destroy()),
    kill: () => boxes.forEach(({ child }) => child.kill("SIGKILL")),
    tunnels: () => opened,
    close: async () => {
      await Promise.all([...boxes.values()].map(({ box }) => box.stop()));
    },
  };
}

function reasonOf(code: number | null): BoxExitReason {
  if (code === boxdExitCodes.stopped) return "stopped";
  if (code === boxdExitCodes.idle) return "idle";
  return code === boxdExitCodes.lifetime ? "lifetime" : "crashed";
}
