import { randomBytes, randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { failureFromFileError } from "../files/file-failure.ts";
import type { ChannelName } from "./wire.ts";

/** Where one socket of a kernel is. */
export type Endpoint = { readonly host: string; readonly port: number } | { readonly path: string };

/** The sockets and the key of a kernel, before it has bound them. */
export interface Connection {
  readonly key: string;
  readonly endpoints: Readonly<Record<ChannelName, Endpoint>>;
  /** The part of Jupyter's connection file that says where the sockets are. */
  readonly fields: Readonly<Record<string, string | number>>;
  /** True when a socket can no longer be bound: another process of the machine took its port. */
  isTaken(): Promise<boolean>;
  /** Gives the addresses back, once the kernel is gone. */
  release(): Promise<void>;
}

const host = "127.0.0.1";
const socketNames = ["shell", "iopub", "stdin", "control", "hb"] as const;
/** Less the number that every socket of a kernel gets; the field for a path has 108 bytes on Linux, 104 on macOS. */
const maxPathBytes = 100;

/** Ports of kernels that live or start: two must not wait for the same one. */
const reserved = new Set<number>();

/**
 * Sockets in a private directory, where the kernel can bind those: nobody else can take them. Otherwise five ports that
 * are free now, which another process may still take before the kernel binds them.
 */
export async function pickConnection(options: {
  readonly directory: string;
  /** Whether the kernel understands the transport "ipc". */
  readonly hasIpc: boolean;
}): Promise<Connection> {
  const base = join(options.directory, `k${randomUUID().slice(0, 8)}`);
  return options.hasIpc && Buffer.byteLength(base) <= maxPathBytes ? socketsAt(base) : pickPorts();
}

/** Writes the file that the kernel reads its addresses from, readable by this user only. */
export async function writeConnectionFile(path: string, connection: Connection, kernelName: string): Promise<void> {
  const content = {
    ...connection.fields,
    key: connection.key,
    signature_scheme: "hmac-sha256",
    kernel_name: kernelName,
  };
  try {
    await writeFile(path, JSON.stringify(content), { mode: 0o600 });
  } catch (error) {
    // A disk that the box's code has filled is to be told as that.
    throw failureFromFileError(error, path);
  }
}

/** Jupyter's transport "ipc": `BASE-1` to `BASE-5`. */
function socketsAt(base: string): Connection {
  const paths = socketNames.map((_, index) => `${base}-${index + 1}`);
  const [shell = "", iopub = "", stdin = "", control = ""] = paths;
  return {
    // Not signed: whoever gets into the directory could read the key there as well.
    key: "",
    endpoints: { shell: { path: shell }, iopub: { path: iopub }, stdin: { path: stdin }, control: { path: control } },
    fields: fieldsOf("ipc", base, [1, 2, 3, 4, 5]),
    isTaken: () => Promise.resolve(false),
    release: async () => {
      await Promise.all(paths.map((path) => rm(path, { force: true })));
    },
  };
}

async function pickPorts(): Promise<Connection> {
  // All are held at once, so that the five differ.
  const servers = await Promise.all(socketNames.map(() => listenUnreserved()));
  const ports = servers.map((server) => server.port);
  await Promise.all(servers.map((server) => server.close()));
  const [shell = 0, iopub = 0, stdin = 0, control = 0] = ports;
  const at = (port: number): Endpoint => ({ host, port });
  return {
    key: newKey(),
    endpoints: { shell: at(shell), iopub: at(iopub), stdin: at(stdin), control: at(control) },
    fields: fieldsOf("tcp", host, ports),
    isTaken: () => isOneTaken(ports),
    release: () => {
      for (const port of ports) reserved.delete(port);
      return Promise.resolve();
    },
  };
}

function fieldsOf(transport: string, ip: string, ports: readonly number[]): Connection["fields"] {
  const named = socketNames.map((name, index) => [`${name}_port`, ports[index] ?? 0] as const);
  return { transport, ip, ...Object.fromEntries(named) };
}

function newKey(): string {
  return randomBytes(32).toString("hex");
}

async function isOneTaken(ports: readonly number[]): Promise<boolean> {
  for (const port of ports) {
    try {
      const server = await listen(port);
      await server.close();
    } catch {
      // Not being able to bind is the answer.
      return true;
    }
  }
  return false;
}

type Listening = { readonly port: number; readonly close: () => Promise<void> };

async function listenUnreserved(): Promise<Listening> {
  for (;;) {
    const server = await listen(0);
    if (!reserved.has(server.port)) {
      reserved.add(server.port);
      return server;
    }
    await server.close();
  }
}

function listen(port: number): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host, exclusive: true }, () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => new Promise((done) => server.close(() => done())),
      });
    });
  });
}
