import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { failureFromFileError } from "../files/file-failure.ts";

/** The ports and the key of a kernel, as in Jupyter's connection file. */
export type Connection = {
  readonly key: string;
  readonly ports: { readonly shell: number; readonly iopub: number; readonly stdin: number; readonly control: number };
  readonly heartbeatPort: number;
};

const host = "127.0.0.1";

/** Picks five ports that are free now. Another process may still take one before the kernel binds it. */
export async function pickConnection(): Promise<Connection> {
  // All are held at once, so that the five differ.
  const servers = await Promise.all(Array.from({ length: 5 }, () => listen(0)));
  const ports = servers.map((server) => server.port);
  await Promise.all(servers.map((server) => server.close()));
  const [shell = 0, iopub = 0, stdin = 0, control = 0, heartbeatPort = 0] = ports;
  return { key: randomBytes(32).toString("hex"), ports: { shell, iopub, stdin, control }, heartbeatPort };
}

/** True when a port of `connection` can no longer be bound: somebody else has it. */
export async function isPortTaken(connection: Connection): Promise<boolean> {
  for (const port of [...Object.values(connection.ports), connection.heartbeatPort]) {
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

/** Writes the file that the kernel reads its ports from, readable by this user only. */
export async function writeConnectionFile(path: string, connection: Connection, kernelName: string): Promise<void> {
  const content = {
    transport: "tcp",
    ip: host,
    shell_port: connection.ports.shell,
    iopub_port: connection.ports.iopub,
    stdin_port: connection.ports.stdin,
    control_port: connection.ports.control,
    hb_port: connection.heartbeatPort,
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

function listen(port: number): Promise<{ port: number; close: () => Promise<void> }> {
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
