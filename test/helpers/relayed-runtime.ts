import { spawn } from "node:child_process";
import { once } from "node:events";
import { Duplex } from "node:stream";
import type { Box, Runtime } from "@kernelbox/core";
import { docker } from "kernelbox/docker";
import type { RuntimeUnderTest } from "../runtimes.ts";
import { boxdOf, processesWith } from "./box-processes.ts";

const relayVariable = "KERNELBOX_TEST_RELAY";
const relayProgram = `const socket = require("node:net").connect(process.argv[1]);
socket.on("close", () => process.exit());
process.stdin.pipe(socket).pipe(process.stdout);`;

/** A runtime whose tunnels are carried by processes that somebody else can kill. */
export type RelayedRuntime = {
  readonly runtime: Runtime;
  /** The processes that carry the open tunnels of a box. */
  relaysOf(boxId: string): readonly number[];
};

/** Docker's tunnels by exec are carried by a process already; those of the local runtime get one for this. */
export function relayedRuntime({ runtime, isContainer }: RuntimeUnderTest): RelayedRuntime {
  if (isContainer) {
    return {
      runtime: docker({ tunnel: "exec" }),
      relaysOf: (boxId) =>
        processesWith(`KERNELBOX_BOX_ID=${boxId}`).flatMap(({ pid, command }) => (command[0] === "socat" ? [pid] : [])),
    };
  }
  return {
    runtime: {
      name: runtime.name,
      capabilities: runtime.capabilities,
      create: async (spec, options) => relayedBox(await runtime.create(spec, options)),
      attach: async (id, options) => relayedBox(await runtime.attach(id, options)),
      list: (options) => runtime.list(options),
    },
    relaysOf: (boxId) => processesWith(`${relayVariable}=${boxId}`).map(({ pid }) => pid),
  };
}

function relayedBox(box: Box): Box {
  return {
    id: box.id,
    info: box.info,
    limits: box.limits,
    isolation: box.isolation,
    exited: box.exited,
    stop: () => box.stop(),
    release: () => box.release(),
    openTunnel: () => openRelay(box.id),
  };
}

/** Through a process of its own to boxd's socket, by boxd's own view of the file system. */
async function openRelay(boxId: string): Promise<Duplex> {
  const { pid, environment } = boxdOf(boxId);
  const config = environment.find((line) => line.startsWith("KERNELBOX_BOXD="))?.slice("KERNELBOX_BOXD=".length);
  const { socket } = JSON.parse(config ?? "") as { readonly socket: string };
  const child = spawn(process.execPath, ["-e", relayProgram, `/proc/${pid}/root${socket}`], {
    env: { [relayVariable]: boxId },
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(child, "spawn");
  const tunnel = Duplex.from({ readable: child.stdout, writable: child.stdin });
  tunnel.once("close", () => child.kill("SIGKILL"));
  child.once("exit", () => tunnel.destroy());
  return tunnel;
}
